-- For which last day of its paper the holder was told that the account closes after it; another day is told anew.
alter table account add column reminded_for date;
