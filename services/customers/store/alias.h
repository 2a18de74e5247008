/*
 * Merged customers in SQL, in one place (schema/013_merge.sql). Rows keep the id they came with;
 * whoever adds up, lists or looks up says by these what a merge means for it. Beside them stands
 * `not c.is_merged`, of a row `c` of customer: he is no tombstone.
 */
#ifndef KEHU_CUSTOMERS_STORE_ALIAS_H
#define KEHU_CUSTOMERS_STORE_ALIAS_H

/* For `in`: the customer and everybody merged into him. */
#define ALIAS_ALL(id) "(select m.id from customer_and_merged(" id ") as m(id))"
/* The same in a from, before a lateral that reads by m.id: one walk along a key for each of them,
 * whatever the planner believes. */
#define ALIAS_FROM(id) "customer_and_merged(" id ") as m(id)"
/* Of the customer $1, and of the row c of customer. */
#define ALIAS_ALL_OF_1 ALIAS_ALL("$1")
#define ALIAS_FROM_1 ALIAS_FROM("$1")
#define ALIAS_FROM_C ALIAS_FROM("c.id")

/* Who a customer's id counts as: himself, or his survivor. */
#define ALIAS_SURVIVOR(id)                                                                         \
    "coalesce((select survivor_id from customer_alias where customer_id = " id "), " id ")"

/*
 * In a from: `q` is who was asked for (asked, asked_number) and his survivor's id, `c` the
 * survivor's row of `customer`. `condition` is about the row `n` of who was asked for.
 */
#define ALIAS_CUSTOMER(condition)                                                                  \
    "(select n.id as asked, n.number as asked_number, coalesce((select survivor_id"                \
    " from customer_alias where customer_id = n.id), n.id) as id from customer n where " condition \
    " offset 0) q cross join lateral (select * from customer where id = q.id offset 0) c"
/* The number asked for where it is another's now; else null. */
#define ALIAS_MERGED_FROM "nullif(q.asked_number, c.number)"

#endif
