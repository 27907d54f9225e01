-- Whether attestation has shown that a passkey cannot leave its hardware (`phrh`). A key that may be copied is never one.
alter table passkey add column hardware_bound boolean not null default false;
alter table passkey add constraint passkey_copied_or_bound check (not (hardware_bound and backup_eligible));
