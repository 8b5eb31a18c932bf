-- The beginnings of the paths of pages that not everybody may see, for the policy of pages (database_roles): those that are
-- restricted, and their translations. A home page is its language's alone. `home.visible` says the same.
create or replace function actions_restricted_paths() returns text[]
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(path || '%'), '{}') from (
        select p.path from wagtailcore_pageviewrestriction r join wagtailcore_page p on p.id = r.page_id
        union
        select t.path from wagtailcore_pageviewrestriction r join wagtailcore_page p on p.id = r.page_id
            join wagtailcore_page t on t.translation_key = p.translation_key
        where p.depth > 2 and t.depth > 2
    ) shut
$$;
