-- Keys that access tokens are signed with. All bridges on this store share them.
create table signing_key (
    id text primary key,
    created bigint not null,
    -- Until when new tokens are signed with it, and until when there may be such tokens.
    signs_until bigint not null,
    verifies_until bigint not null,
    -- A JWK.
    public_key text not null,
    -- Sealed with the encryption key of the configuration.
    private_key text not null
);
create index signing_key_in_time on signing_key (verifies_until);
