-- Bringing in signatures that were collected elsewhere. docs/decisions/0036.

-- Who withdraws is not brought back by a file: the digest of the address stays behind, without id and time, whatever way
-- it left the signature by. The salt's end makes an end of it.
create or replace function actions_note_withdrawal() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into actions_withdrawal (digest, petition_id)
    select old.digest, old.petition_id from actions_petition where id = old.petition_id and forgotten_at is null
    on conflict (digest) do nothing;
    return null;
end $$;

create or replace trigger note_withdrawal after update of digest on actions_signature for each row
    when (new.state = 'withdrawn' and old.digest <> new.digest)
    execute function actions_note_withdrawal();

create or replace function actions_forget_withdrawals() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from actions_withdrawal where petition_id = new.id;
    return null;
end $$;

create or replace trigger forget_withdrawals after update of forgotten_at on actions_petition for each row
    when (old.forgotten_at is null and new.forgotten_at is not null)
    execute function actions_forget_withdrawals();

-- What becomes of each address of a file, asked by a trial and by the import itself: 'known', 'withdrew', or '' where it
-- comes in. An address that stands in the file twice is there twice.
create or replace function actions_fate(p_petition bigint, p_digests bytea[])
returns table (place bigint, digest bytea, fate text)
language sql stable security definer set search_path = public, pg_temp as $$
    select g.place, g.digest, case
        when exists (select from actions_signature s where s.petition_id = p_petition and s.digest = g.digest) then 'known'
        when exists (select from actions_withdrawal w where w.digest = g.digest) then 'withdrew'
        else '' end
    from unnest(p_digests) with ordinality as g (digest, place)
$$;

-- Signatures that were collected elsewhere before. An address that is there already changes nothing, who withdrew stays
-- away, and nothing is mailed. Consents come in with their words, or not at all; where risk is high, not at all.
-- Every array has one entry for each signature. Returns how many were new and how many had withdrawn; null where the form
-- takes none.
create or replace function actions_bring_in(
    p_petition bigint, p_import bigint, p_ids uuid[], p_digests bytea[], p_version integer, p_languages text[],
    p_countries text[], p_signed timestamptz[], p_sealed bytea[], p_contact_action boolean[], p_contact_other boolean[],
    p_text bigint, p_consented timestamptz, out added integer, out withdrew integer
) language plpgsql security definer set search_path = public, pg_temp as $$
declare
    form record;
begin
    select forgotten_at, opens_at, ends_at, high_risk into form from actions_petition where id = p_petition for key share;
    if not found or form.forgotten_at is not null or form.opens_at is null then return; end if;
    perform set_config('actions.consent_way', 'import' || coalesce(
        '@' || to_char(p_consented at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ''), true);
    with given as (
        select g.*, f.fate from unnest(p_ids, p_digests, p_languages, p_countries, p_signed, p_sealed, p_contact_action,
            p_contact_other)
            with ordinality as g (id, digest, language, country, signed, sealed, action, other, place)
            join actions_fate(p_petition, p_digests) f on f.place = g.place
        where signed <= clock_timestamp() and signed >= form.opens_at and (form.ends_at is null or signed < form.ends_at)
    ), new as (
        insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, signed_at)
        select id, p_petition, digest, p_version, 'counted', language, country, signed from given
        where fate = '' order by digest
        on conflict (petition_id, digest) do nothing returning id, language, signed_at
    ), signer as (
        insert into actions_signer (signature_id, sealed, contact_action, contact_other, show_name, hand_over_name,
            consent_text_id, imported_in_id)
        select id, sealed, action and agreed and not form.high_risk, other and agreed and not form.high_risk, false,
            false, case when agreed and (action or other) then p_text end, p_import
        from given cross join (select p_text is not null as agreed) as words where id in (select id from new)
    ), tally as (
        insert into actions_tally (petition_id, hour, language, slot, counted)
        select p_petition, date_trunc('hour', signed_at, 'UTC'), language, 0, count(*) from new group by 2, 3 order by 2, 3
        on conflict (petition_id, hour, language, slot) do update set counted = actions_tally.counted + excluded.counted
    ), total as (
        insert into actions_totalslot (petition_id, slot, counted)
        select p_petition, 0, count(*) from new having count(*) > 0
        on conflict (petition_id, slot) do update set counted = actions_totalslot.counted + excluded.counted
    )
    select (select count(*) from new), (select count(*) from given where fate = 'withdrew') into added, withdrew;
    perform set_config('actions.consent_way', '', true);
end $$;

-- It asked for no words of consent. Nobody is served by it staying: the version before this one stops an import with an
-- error, and the worker takes it up again.
drop function if exists actions_import(
    bigint, uuid[], bytea[], integer, text[], text[], timestamptz[], bytea[], boolean[], boolean[]);

revoke all on function actions_note_withdrawal, actions_forget_withdrawals, actions_fate, actions_bring_in from public;
