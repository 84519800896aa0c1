insert into account (id, owner, balance)
select * from (values ('alice', 'Alice', 1000000.00), ('bob', 'Bob', 1000000.00)) as opened (id, owner, balance)
where not exists (select 1 from account where account.id = opened.id);
