#pragma once

// Parts of statements that several share: a statement is one literal.

#define ENTITLE_ENTRY_COLUMNS                                                                        \
    "n.customer_id, n.number, n.ordinal, n.command, n.kind, n.entitlement_id, n.case_id, n.channel," \
    " n.total_moved, n.channel_moved, n.remaining, n.channel_remaining, n.reverses_number,"          \
    " n.reverses_ordinal, n.at, n.actor_id, n.request_id, n.reason, n.counts, n.currency, n.amount"

#define ENTITLE_CASE_COLUMNS                                                                                \
    "k.customer_id, k.opened, k.case_id, k.entitlement_id, k.state, k.since, k.last_number, k.decrement,"   \
    " k.named, k.origin, k.contact_id, k.product_id, k.asset_id, k.case_type_id, k.posted_number,"          \
    " k.posted_ordinal, k.posted_quantity, k.posted_channel, k.held_number, k.held_ordinal,"                \
    " k.held_quantity, k.held_channel, k.held_until, k.overage, k.first_decrement, k.first_entitlement_id," \
    " k.first_origin, k.first_contact_id, k.first_product_id, k.first_asset_id, k.first_case_type_id"
