"""What the books of the customers service say: its reports, and its tables by natural keys."""
import decimal

from tests.support import proto

BY = {name: proto.enum_number('kehu.customers.v1.SalesKey', f'SALES_KEY_{name.upper()}')
      for name in ('total', 'region', 'month', 'customer')}


def units(micros):
    """Micros as a Decimal without trailing zeros, so that it equals what a person writes."""
    return decimal.Decimal(micros) / 1_000_000


def report(client, by, page_size=0, **question):
    """{(key, currency): (orders, lines, customers, net)} of all pages."""
    rows, token = [], ''
    while True:
        reply = client.ask(proto.ReportSales(by=BY[by], page_size=page_size, page_token=token,
                                             **question))
        assert reply.status == 'OK', reply
        rows += reply.payload.rows
        token = reply.payload.next_page_token
        if not token:
            break
    made = {(row.key, row.currency): (row.orders, row.lines, row.customers, units(row.net_micros))
            for row in rows}
    assert len(made) == len(rows), 'a key comes twice'
    return made


def net_of(client, ref, currency='CNY'):
    """Net sales in a customer's file."""
    return next((units(s.net_micros) for s in client.customer(ref).sales if s.currency == currency),
                decimal.Decimal(0))


_NAMED = """
    coalesce((select r.external_id from customer_ref r
              where r.customer_id = {0} and r.source = %(s)s order by 1 limit 1), '')"""

_TABLES = {
    # Everything but ids, versions, times of receipt and the log.
    'order_key': """select number, kind, has_content, cancelled_at, paid_at, delivered_at
                    from order_key where source = %(s)s""",
    'orders': f"""select o.number, o.order_number, o.revision, o.content_at, o.content_event,
                         o.ordered_at, o.day, g.name, o.currency, o.lines, o.net_micros,
                         {_NAMED.format('o.customer_id')}
                  from orders o join order_region g on g.id = o.region_id
                  where o.source = %(s)s""",
    'order_line': f"""select o.number, l.line, l.day, l.product, l.description, l.batch,
                             l.quantity_micros, l.unit_price_micros, l.amount_micros,
                             {_NAMED.format('l.customer_id')}
                      from order_line l left join orders o on o.id = l.order_id
                      where o.source = %(s)s""",
    'order_payment': """select number, event_id, paid_at, currency, amount_micros
                        from order_payment where source = %(s)s""",
    'customer': """select r.external_id, c.party_type, c.is_incomplete, c.name, c.name_known_at
                   from customer c join customer_ref r on r.customer_id = c.id
                   where r.source = %(s)s""",
    'order_region': 'select name from order_region where source = %(s)s',
    # A row of zeros says nothing: whether it is there depends on the way to here.
    'sales_figure': f"""select {_NAMED.format('f.customer_id')}, g.name, f.day, f.currency,
                               f.orders, f.lines, f.net_micros
                        from sales_figure f join order_region g on g.id = f.region_id
                        where g.source = %(s)s
                        and (f.orders, f.lines, f.net_micros) <> (0, 0, 0)""",
    'receipt': 'select id, hash from receipt where source = %(s)s',
}


def state(stack, source):
    """{table: sorted rows} of what one source has said, by natural keys."""
    with stack.database() as connection, connection.cursor() as cursor:
        made = {}
        for table, query in _TABLES.items():
            cursor.execute(query, {'s': source})
            made[table] = sorted(([str(bytes(v)) if isinstance(v, memoryview) else v for v in row]
                                  for row in cursor.fetchall()), key=repr)
    return made


def stray_rows(stack):
    """Lines of no document and figures that do not follow from the documents: must be empty."""
    lines = stack.sql("""select l.order_id from order_line l left join orders o
                         on (o.id, o.customer_id, o.day) = (l.order_id, l.customer_id, l.day)
                         where o.id is null limit 5""")
    figures = stack.sql("""
        select customer_id, region_id, day, currency, sum(n), sum(l), sum(m) from (
            select customer_id, region_id, day, currency, orders n, lines l, net_micros m
            from sales_figure
            union all
            select o.customer_id, region_id, day, currency, -1, -lines, -net_micros
            from orders o join order_key k using (source, number) where k.cancelled_at is null) u
        group by 1, 2, 3, 4 having (sum(n), sum(l), sum(m)) <> (0, 0, 0) limit 5""")
    return lines + figures
