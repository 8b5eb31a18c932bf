-- What was asked for by a link and could not be done, by kind: its page must not say that it was. Nothing of why.
create or replace function actions_link_failed(p_token bytea) returns text[]
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(q.kind::text order by q.kind), '{}')
    from actions_signerlink l join actions_signerrequest q on q.signature_id = l.signature_id
    where l.hash = sha256(p_token) and q.failed <> ''
$$;
revoke all on function actions_link_failed from public;
