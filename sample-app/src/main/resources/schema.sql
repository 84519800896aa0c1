create table if not exists account (
	id varchar(50) primary key,
	owner varchar(100) not null,
	balance decimal(15, 2) not null check (balance >= 0)
);

create table if not exists payment (
	id bigint generated always as identity primary key,
	account varchar(50) not null references account,
	amount decimal(15, 2) not null,
	currency char(3) not null,
	reference varchar(100) not null,
	created_at timestamp with time zone default current_timestamp not null
);

create table if not exists ledger (
	id bigint generated always as identity primary key,
	payment bigint not null references payment,
	account varchar(50) not null references account,
	amount decimal(15, 2) not null,
	at timestamp with time zone default current_timestamp not null
);
