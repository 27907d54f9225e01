-- Removed by whoever came back with a printed code after the device was reported as lost: it comes back where that is objected to in time. An older
-- server sees a passkey that is removed.
alter table passkey add column set_aside boolean not null default false;
