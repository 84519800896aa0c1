insert into account (id, owner, balance)
select * from (values ('alice', 'Alice', 1000000.00), ('bob', 'Bob', 1000000.00),
	('alice-unprotected', 'Alice', 1000000.00), ('bob-unprotected', 'Bob', 1000000.00)) as opened (id, owner, balance)
where not exists (select 1 from account where account.id = opened.id);

insert into stock (sku, quantity)
select * from (values ('book', 1000), ('lamp', 2)) as counted (sku, quantity)
where not exists (select 1 from stock where stock.sku = counted.sku);

insert into flight (code, seats, closed)
select * from (values ('zurich', 100, false), ('lisbon', 100, true)) as planned (code, seats, closed)
where not exists (select 1 from flight where flight.code = planned.code);
