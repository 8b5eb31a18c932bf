-- As in _functions.sql, but that every signature has its mail: in high-risk mode too, where it holds a code and no word
-- about the action (docs/decisions/0027).
create or replace function actions_sign(
    p_petition bigint, p_id uuid, p_digest bytea, p_version integer, p_language text, p_country text,
    p_sealed bytea, p_contact_action boolean, p_contact_other boolean, p_consent_text bigint,
    p_show_name boolean, p_hand_over_name boolean, p_suspicion text, p_network bytea, p_mail uuid
) returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
    form record;
    moment timestamptz;
    outcome text;
    p_slot smallint := floor(random() * 16);
    found_id uuid;
    found_state text;
begin
    select opens_at, ends_at, paused, counting, high_risk, forgotten_at into form
        from actions_petition where id = p_petition for key share;
    moment := clock_timestamp();
    if not found or form.opens_at is null or moment < form.opens_at or moment >= form.ends_at or form.paused
        or form.forgotten_at is not null or exists (select from actions_signingrules where paused)
    then
        return 'closed';
    end if;
    outcome := case when p_suspicion <> '' then 'held' when form.counting = 'confirmed' then 'awaiting' else 'counted' end;

    insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, signed_at)
    values (p_id, p_petition, p_digest, p_version, outcome, p_language, p_country, moment)
    on conflict (petition_id, digest) do nothing;

    if not found then
        -- The same work as below, taken back again, so that the answer takes as long; and a row of the total that
        -- stays, so that it waits for the disk as long. docs/decisions/0009.
        begin
            insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, signed_at)
            values (p_id, p_petition, sha256(p_digest || p_id::text::bytea), p_version, outcome, p_language, p_country,
                moment);
            insert into actions_signer
                (signature_id, sealed, contact_action, contact_other, consent_text_id, show_name, hand_over_name)
            values (p_id, p_sealed, p_contact_action, p_contact_other, p_consent_text, p_show_name, p_hand_over_name);
            if outcome = 'counted' then
                insert into actions_tally (petition_id, hour, language, slot, counted)
                values (p_petition, date_trunc('hour', moment, 'UTC'), p_language, p_slot, 1)
                on conflict (petition_id, hour, language, slot) do update set counted = actions_tally.counted + 1;
            elsif outcome = 'held' then
                insert into actions_hold (signature_id, reason, network) values (p_id, p_suspicion, p_network);
            end if;
            insert into actions_outboxmail (id, signature_id, kind)
            values (p_mail, p_id, case when form.high_risk then 'code' when outcome = 'counted' then 'receipt' else 'confirm' end);
            raise exception using errcode = 'TB001';
        exception when sqlstate 'TB001' then
            null;
        end;
        insert into actions_totalslot (petition_id, slot, repeats) values (p_petition, p_slot, 1)
        on conflict (petition_id, slot) do update set repeats = actions_totalslot.repeats + 1;
        -- Whoever signed first in another's name must not decide that the name is handed over.
        update actions_signer r set hand_over_name = r.hand_over_name and p_hand_over_name
        from actions_signature s where s.petition_id = p_petition and s.digest = p_digest and r.signature_id = s.id
            and s.state in ('awaiting', 'held') and form.high_risk;
        -- The mailbox learns of it, once ever, and not on the day it got its receipt.
        insert into actions_outboxmail (id, signature_id, kind)
        select p_mail, s.id, 'again' from actions_signature s join actions_signer on signature_id = s.id
        where s.petition_id = p_petition and s.digest = p_digest and s.state = 'counted' and not form.high_risk
            and s.signed_at < moment - interval '24 hours'
        on conflict (signature_id, kind) where not (kind in ('link', 'update')) do nothing;
        return 'again';
    end if;

    insert into actions_signer
        (signature_id, sealed, contact_action, contact_other, consent_text_id, show_name, hand_over_name)
    values (p_id, p_sealed, p_contact_action, p_contact_other, p_consent_text, p_show_name, p_hand_over_name);
    if outcome = 'counted' then
        insert into actions_tally (petition_id, hour, language, slot, counted)
        values (p_petition, date_trunc('hour', moment, 'UTC'), p_language, p_slot, 1)
        on conflict (petition_id, hour, language, slot) do update set counted = actions_tally.counted + 1;
        insert into actions_totalslot (petition_id, slot, counted) values (p_petition, p_slot, 1)
        on conflict (petition_id, slot) do update set counted = actions_totalslot.counted + 1;
    elsif outcome = 'held' then
        insert into actions_hold (signature_id, reason, network) values (p_id, p_suspicion, p_network);
    end if;
    insert into actions_outboxmail (id, signature_id, kind)
    values (p_mail, p_id, case when form.high_risk then 'code' when outcome = 'counted' then 'receipt' else 'confirm' end);
    return 'new';
end $$;
