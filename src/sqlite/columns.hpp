#pragma once

// Parts of statements that several share: a statement is one literal.

#define ENTITLE_ENTRY_COLUMNS                                                                          \
    "SELECT n.customer, n.previous, n.number, n.ordinal, n.command, n.kind, e.id, ifnull(k.id, "       \
    "n.support_case), n.channel, "                                                                     \
    "n.total_moved,"                                                                                   \
    " n.channel_moved, n.remaining, n.channel_remaining, n.reverses_number, n.reverses_ordinal, n.at," \
    " n.actor, n.request, n.reason, n.counts, n.currency, n.amount"                                    \
    " FROM entitle_entries n"                                                                          \
    " LEFT JOIN entitle_entitlements e ON e.customer = n.customer AND e.entitlement = n.entitlement"   \
    " LEFT JOIN entitle_cases k ON k.support_case = n.support_case AND k.customer = n.customer"

#define ENTITLE_CASE_COLUMNS                                                                                \
    "SELECT k.customer, k.previous, k.deleted, k.service, k.support_case, k.id, e.id, k.state, k.since, "   \
    "k.last_number, k.decrement,"                                                                           \
    " k.named, k.origin, k.contact, k.product, k.asset, k.case_type, k.posted_number, k.posted_ordinal,"    \
    " k.posted_quantity, k.posted_channel, k.held_number, k.held_ordinal, k.held_quantity, k.held_channel," \
    " k.held_until, k.overage, o.decrement, o.named, o.origin, o.contact, o.product, o.asset,"              \
    " o.case_type"                                                                                          \
    " FROM entitle_cases k"                                                                                 \
    " LEFT JOIN entitle_entitlements e ON e.customer = k.customer AND e.entitlement = k.entitlement"        \
    " LEFT JOIN entitle_openings o ON o.support_case = k.support_case"
