-- How many people use a service: what is told before it is stopped.
create index service_session_by_client on service_session (client_id, since);
