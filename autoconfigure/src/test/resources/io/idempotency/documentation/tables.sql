-- Tables that the pages take for granted of the reader's database
CREATE TABLE account (id varchar(36) PRIMARY KEY, balance numeric(12, 2) NOT NULL, fence bigint NOT NULL);
