-- Which process wrote an event, and as its how many-eth (ASVS 16.2.2; L05): a number that is missing is an event that was taken away. Events of before have none.
alter table audit_event add column node text, add column boot uuid, add column seq bigint;
