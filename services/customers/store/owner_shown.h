/*
 * Who looks after a customer, as answers show it: "李娜 (li.na)"; null: nobody. A scalar of SQL.
 */
#ifndef KEHU_CUSTOMERS_STORE_OWNER_SHOWN_H
#define KEHU_CUSTOMERS_STORE_OWNER_SHOWN_H

#define OWNER_SHOWN(customer)                                                                      \
    "(select shown_s.name || ' (' || shown_s.code || ')' from ownership shown_o"                   \
    " join staff shown_s on shown_s.id = shown_o.staff_id where shown_o.customer_id = " customer   \
    " and shown_o.to_at is null and shown_o.role = 'owner')"

#endif
