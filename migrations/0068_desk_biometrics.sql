-- Whether face and fingerprints of a foreigner had to be taken at the desk, for the immigration authority had none: a longer clock runs then (Decree 69/2024 Art 13).
alter table desk_application add column biometrics_missing boolean not null default false;
