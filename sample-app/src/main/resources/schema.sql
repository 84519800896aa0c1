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

create table if not exists orders (
	id bigint generated always as identity primary key,
	sku varchar(50) not null,
	quantity int not null,
	status varchar(20) not null,
	version int not null
);

create table if not exists stock (
	sku varchar(50) primary key,
	quantity int not null check (quantity >= 0)
);

create table if not exists reservation (
	order_id bigint primary key references orders,
	sku varchar(50) not null,
	quantity int not null
);

create table if not exists notification (
	id bigint generated always as identity primary key,
	order_id bigint not null references orders,
	status varchar(20) not null
);

create table if not exists flight (
	code varchar(20) primary key,
	seats int not null check (seats >= 0),
	closed boolean not null
);

create table if not exists trip (
	id varchar(50) primary key,
	account varchar(50) not null,
	flight varchar(20) not null,
	price decimal(15, 2) not null,
	status varchar(20) not null,
	attempts int not null,
	confirmation varchar(200),
	started_at timestamp with time zone not null
);

create table if not exists trip_step (
	step_key varchar(50) primary key,
	status varchar(20) not null
);

create table if not exists ticket (
	number varchar(50) primary key,
	trip varchar(50) not null
);
