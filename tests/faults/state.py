"""What is true afterwards: every table by natural keys, so that two histories can be compared, and
what must hold of any state (sums, versions, receipts).

`state` leaves out what may differ between two histories with the same meaning: generated ids and
numbers, times of receipt, who wrote a row how often.
"""

WHO = """
with who as (
    select customer_id as id, 'customer ' || external_id as name from customer_ref
        where source = %(source)s
    union all select id, 'region ' || name from order_region where source = %(source)s)
"""
TABLES = {
    'receipt': "select id, encode(hash, 'hex') from receipt where source = %(source)s",
    'order_key': """select k.number, kind, has_content, cancelled_at, paid_at, delivered_at,
        o.id is not null from order_key k left join orders o on o.id = k.order_id
        where k.source = %(source)s""",
    'orders': """select o.number, c.name, o.order_number, o.revision, o.content_at, o.content_event,
        o.ordered_at, o.day, r.name, o.currency, o.lines, o.net_micros, o.is_historic
        from orders o left join who c on c.id = o.customer_id left join who r on r.id = o.region_id
        where o.source = %(source)s""",
    'order_line': """select o.number, l.line, c.name, l.day, l.product, l.description, l.batch,
        l.quantity_micros, l.unit_price_micros, l.amount_micros
        from order_line l join orders o on o.id = l.order_id left join who c on c.id = l.customer_id
        where o.source = %(source)s""",
    'order_payment': """select number, event_id, paid_at, currency, amount_micros from order_payment
        where source = %(source)s""",
    'sales_figure': """select c.name, r.name, f.day, f.currency, f.orders, f.lines, f.net_micros
        from sales_figure f join who c on c.id = f.customer_id left join who r on r.id = f.region_id
        where (f.orders, f.lines, f.net_micros) <> (0, 0, 0)""",
    'customer': """select w.name, c.party_type, c.is_incomplete, c.is_historic, c.name,
        c.name_known_at from customer c join who w on w.id = c.id""",
    'customer_ref': "select external_id from customer_ref where source = %(source)s",
    'order_region': "select name from order_region where source = %(source)s",
}
# How often something is told depends on what came together in one batch; that each customer is told
# of once, and every document he has, does not.
TOLD = {
    'log': """select w.name, l.type, count(*) from log l join who w on w.id = l.subject
        group by 1, 2""",
    'registered': """select w.name, count(*) from log l join who w on w.id = l.subject
        where l.type = 'kehu.customers.v1.CustomerRegistered' group by 1""",
}


def _summary(cursor, query, source):
    digest = "md5(string_agg(t::text, E'\\n' order by t::text collate \"C\"))"
    cursor.execute(f'{WHO} select count(*), {digest} from ({query}) t', {'source': source})
    return cursor.fetchone()


def _rows(stack, query, source):
    with stack.database() as connection, connection.cursor() as cursor:
        cursor.execute(WHO + query, {'source': source})
        return {str(row) for row in cursor.fetchall()}


def state(stack, source):
    """{table: (rows, digest)} of all that came from a source."""
    with stack.database() as connection, connection.cursor() as cursor:
        return {name: _summary(cursor, query, source) for name, query in {**TABLES, **TOLD}.items()}


def assert_same(stack, source, other_stack, other_source, same_batches=False):
    """Both sources have said the same. With other batches the log may tell of a document more or
    less often."""
    one, other = state(stack, source), state(other_stack, other_source)
    for name in one:
        if one[name] == other[name] or (name == 'log' and not same_batches):
            continue
        query = {**TABLES, **TOLD}[name]
        rows, other_rows = _rows(stack, query, source), _rows(other_stack, query, other_source)
        raise AssertionError(f'{name}: {one[name]} and {other[name]}\n'
                             f'only the first: {sorted(rows - other_rows)[:5]}\n'
                             f'only the second: {sorted(other_rows - rows)[:5]}')


# Each query finds what contradicts itself; none may find anything.
CONTRADICTIONS = {
    'a figure is not the sum of its documents': """
        select * from (select customer_id, region_id, day, currency, count(*) as orders,
            sum(o.lines) as lines, sum(net_micros) as net
            from orders o join order_key k on k.order_id = o.id
            where k.cancelled_at is null group by 1, 2, 3, 4) s
        full join (select * from sales_figure where (orders, lines, net_micros) <> (0, 0, 0)) f
            using (customer_id, region_id, day, currency)
        where s.orders is distinct from f.orders or s.lines is distinct from f.lines
            or s.net is distinct from f.net_micros""",
    'a document is not the sum of its lines': """
        select * from orders o left join (select order_id, customer_id, day, count(*) as n,
            sum(amount_micros) as net from order_line group by 1, 2, 3) l
            on (l.order_id, l.customer_id, l.day) = (o.id, o.customer_id, o.day)
            where (o.lines, o.net_micros) is distinct from (coalesce(l.n, 0), l.net)""",
    'a line belongs to no document': """select * from order_line l left join orders o
        on o.id = l.order_id and o.customer_id = l.customer_id and o.day = l.day
        where o.id is null""",
    'a line is rounded wrongly': """select * from order_line where amount_micros <>
        round(quantity_micros::numeric * unit_price_micros / 1000000)""",
    'content and key disagree': """select * from order_key k full join orders o on o.id = k.order_id
        where k.number is null or k.has_content <> (o.id is not null)""",
    'a payment stands for nothing': """select * from order_payment p left join receipt r
        on r.source = p.source and r.id = p.event_id where r.id is null""",
    'versions of a subject have gaps': """
        select subject, s.version, count(*), min(l.version), max(l.version),
            count(distinct l.version)
        from log l full join subject_version s using (subject) group by 1, 2
        having s.version is null or count(*) <> s.version or count(distinct l.version) <> s.version
            or min(l.version) <> 1 or max(l.version) <> s.version""",
    'positions do not rise with the version': """select * from (select subject, version, position,
        lag(position) over (partition by subject order by version) as before from log) l
        where before > position""",
    'a customer is nobody': """select * from customer c
        left join customer_ref r on r.customer_id = c.id
        left join order_region g on g.id = c.id where r.customer_id is null and g.id is null""",
    'a customer was registered twice or never': """select r.customer_id, count(l.position)
        from customer_ref r left join log l on l.subject = r.customer_id
            and l.type = 'kehu.customers.v1.CustomerRegistered'
        group by r.source, r.external_id, r.customer_id having count(l.position) <> 1""",
    'a document with content was never told': """select * from orders o where not exists
        (select from log l where l.subject = o.customer_id
            and l.type = 'kehu.customers.v1.OrderRecorded')""",
}


def assert_sound(stack):
    """Nothing in the database contradicts itself."""
    with stack.database() as connection, connection.cursor() as cursor:
        # A crash costs PostgreSQL its count of the rows: joins meant for the five it believes in
        # would take minutes.
        cursor.execute('set enable_nestloop = off; set enable_mergejoin = off')
        for what, query in CONTRADICTIONS.items():
            cursor.execute(f'select * from ({query}) contradiction limit 3')
            found = cursor.fetchall()
            assert not found, f'{what}: {found}'


def assert_once(stack, outcomes, allow_lost_answers=False):
    """Every event that got an answer is kept exactly once; one request was told 'accepted' for it,
    unless the publisher died before he heard."""
    kept = dict.fromkeys(stack.sql('select source, id from receipt'))
    for event, said in outcomes.items():
        assert event in kept, f'{event} was answered {said} and is not there'
        assert 'rejected' not in said, f'{event}: {said}'
        times = said.count('accepted')
        assert times == 1 or (allow_lost_answers and times == 0), f'{event}: {said}'
