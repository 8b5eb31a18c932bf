-- Verbs of the backoffice, and the count of sources. As in _functions.sql they run with the rights of their owner.

-- One more signature by a code in the address (`?s=street`). Called for new and for repeated ones, with p_new 1 or 0, so
-- that both take as long. A form takes two hundred codes a day; what comes after is one sum, because anybody can type codes.
create or replace function actions_count_source(p_petition bigint, p_source text, p_new integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    today date := (clock_timestamp() at time zone 'Europe/Oslo')::date;
    code text := p_source;
begin
    if not exists (select from actions_sourcetally where petition_id = p_petition and day = today and source = code)
        and (select count(distinct source) from actions_sourcetally where petition_id = p_petition and day = today) >= 200
    then
        code := 'other';
    end if;
    insert into actions_sourcetally (petition_id, day, source, slot, number)
    values (p_petition, today, code, floor(random() * 16)::smallint, p_new)
    on conflict (petition_id, day, source, slot) do update set number = actions_sourcetally.number + excluded.number;
end $$;

-- Signatures that were collected elsewhere before. An address that is there already changes nothing; nothing is mailed.
-- Returns how many were new. Every array has one entry for each signature.
create or replace function actions_import(
    p_petition bigint, p_ids uuid[], p_digests bytea[], p_version integer, p_languages text[], p_countries text[],
    p_signed timestamptz[], p_sealed bytea[], p_contact_action boolean[], p_contact_other boolean[]
) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
    form record;
    added integer;
begin
    select forgotten_at, ends_at into form from actions_petition where id = p_petition for key share;
    if not found or form.forgotten_at is not null then return -1; end if;
    with given as (
        select * from unnest(p_ids, p_digests, p_languages, p_countries, p_signed, p_sealed, p_contact_action,
            p_contact_other) as g (id, digest, language, country, signed, sealed, action, other)
        where signed <= clock_timestamp() and (form.ends_at is null or signed < form.ends_at)
    ), new as (
        insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, signed_at)
        select id, p_petition, digest, p_version, 'counted', language, country, signed from given order by digest
        on conflict (petition_id, digest) do nothing returning id, language, signed_at
    ), signer as (
        insert into actions_signer
            (signature_id, sealed, contact_action, contact_other, show_name, hand_over_name)
        select id, sealed, action, other, false, true from given where id in (select id from new)
    ), tally as (
        insert into actions_tally (petition_id, hour, language, slot, counted)
        select p_petition, date_trunc('hour', signed_at, 'UTC'), language, 0, count(*) from new group by 2, 3 order by 2, 3
        on conflict (petition_id, hour, language, slot) do update set counted = actions_tally.counted + excluded.counted
    ), total as (
        insert into actions_totalslot (petition_id, slot, counted)
        select p_petition, 0, count(*) from new having count(*) > 0
        on conflict (petition_id, slot) do update set counted = actions_totalslot.counted + excluded.counted
    )
    select count(*) into added from new;
    return added;
end $$;

revoke all on function actions_count_source, actions_import from public;
