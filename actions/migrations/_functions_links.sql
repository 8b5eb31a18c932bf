-- What the page behind a mailed link may show. Nothing of it names anybody, and looking writes nothing: that a link was opened
-- is kept nowhere.
create or replace function actions_link_facts(p_token bytea) returns table (
    signature_id uuid, petition_id bigint, state text, language text, signed_at timestamptz, has_signer boolean,
    contact_action boolean, contact_other boolean, show_name boolean, correcting boolean, copying boolean, copy bytea
) language sql stable security definer set search_path = public, pg_temp as $$
    select s.id, s.petition_id, s.state::text, s.language::text, s.signed_at, r.signature_id is not null,
        coalesce(r.contact_action, false), coalesce(r.contact_other, false), coalesce(r.show_name, false),
        exists (select from actions_signerrequest q where q.signature_id = s.id and kind = 'correct' and done_at is null),
        exists (select from actions_signerrequest q
                where q.signature_id = s.id and kind = 'copy' and (done_at is null or q.copy is not null)),
        (select q.copy from actions_signerrequest q where q.signature_id = s.id and kind = 'copy' order by id desc limit 1)
    from actions_signerlink l join actions_signature s on s.id = l.signature_id
        left join actions_signer r on r.signature_id = s.id
    where l.hash = sha256(p_token)
$$;
-- What was kept of it so far.
update actions_signerlink set opened_at = null where opened_at is not null;
delete from actions_funnel where step = 'opened';
