-- Administrators who are signed in to the console. The cookie's value itself is nowhere.
create table console_session (
    id text primary key,             -- SHA-256 of the cookie's value, hexadecimal
    bearer text not null,            -- who, whatever the session: a token, or a person at an issuer
    proof text not null,             -- JSON: what was shown, from which the role is made anew for each request
    started bigint not null,         -- microseconds since 1970
    seen bigint not null             -- the last request, to the minute
);
create index console_session_of_bearer on console_session (bearer);
create index console_session_by_age on console_session (seen);
