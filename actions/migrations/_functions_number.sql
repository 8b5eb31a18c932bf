-- The numbers everybody may see. While a form is open: the number that was shown last (docs/decisions/0027), without a
-- look at the parts of the true one; from the instant of its end on, by the clock of the question: the true one.
-- A view runs with the rights of its owner, so that whoever may read it need not be able to read what is below.
create or replace view actions_publictotal as
select p.id as petition_id, coalesce(p.ends_at <= statement_timestamp(), false) as exact,
    case when p.ends_at <= statement_timestamp() then
        (select coalesce(sum(counted), 0) from actions_totalslot where petition_id = p.id)
        else coalesce(n.number, 0) end::bigint as online,
    case when p.ends_at <= statement_timestamp() then
        (select coalesce(sum(paper), 0) from actions_totalslot where petition_id = p.id)
        else coalesce(n.paper, 0) end::bigint as paper,
    case when p.ends_at <= statement_timestamp() then
        (select coalesce(sum(removed), 0) from actions_totalslot where petition_id = p.id)
        else 0 end::bigint as removed
from actions_petition p left join actions_publicnumber n on n.petition_id = p.id;

-- What is there already begins with a number that lies behind the true one. The step to come lies far enough ahead that
-- no draw is needed here: the first looks bring it into its pace.
insert into actions_publicnumber (petition_id, number, paper, step, rises_at, falls_at, look_at, settled)
select t.petition_id, greatest(0, t.counted - t.lag), t.paper, t.step, t.counted + t.step,
    greatest(0, t.counted - t.lag) - t.lag, clock_timestamp(), false
from (
    select p.id as petition_id, coalesce(sum(s.counted), 0) as counted, coalesce(sum(s.paper), 0) as paper,
        1 + floor(random() * case when p.high_risk then 100 else 20 end)::integer as lag,
        case when p.high_risk then 50 + floor(random() * 101) else 5 + floor(random() * 11) end::integer as step
    from actions_petition p join actions_totalslot s on s.petition_id = p.id group by p.id, p.high_risk
) t
on conflict (petition_id) do nothing;

insert into actions_publichour (petition_id, hour, number)
select n.petition_id, date_trunc('hour', least(p.ends_at, clock_timestamp()), 'UTC'), n.number
from actions_publicnumber n join actions_petition p on p.id = n.petition_id where n.number > 0
on conflict (petition_id, hour) do nothing;

