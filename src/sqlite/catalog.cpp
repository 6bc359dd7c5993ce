#include "catalog.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "../store/reading.hpp"
#include "../store/writing.hpp"
#include "read.hpp"

namespace entitle::inline v0::sqlite {

namespace {

[[nodiscard]] int insert_channels(Connection& connection, const Template& made) {
    std::int64_t place = 0;
    for (const ChannelTerms& item : made.agreement.channels) {
        Query query{connection,
                    "INSERT INTO entitle_template_channels (template, place, channel, total)"
                    " VALUES (?, ?, ?, ?)"};
        query.id(made.id).integer(place++).text(item.channel.name()).integer(item.total.value);
        if (const int code = query.run(); code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

template <class I>
[[nodiscard]] int insert_scope(Connection& connection, TemplateId made, std::size_t kind,
                               const std::vector<I>& list) {
    std::int64_t place = 0;
    for (const I id : list) {
        Query query{connection,
                    "INSERT INTO entitle_template_scope (template, kind, place, id) VALUES (?, ?, ?, ?)"};
        query.id(made).text(store::scope_names[kind]).integer(place++).id(id);
        if (const int code = query.run(); code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

[[nodiscard]] int remove(Connection& connection, TemplateId id) {
    Query channels{connection, "DELETE FROM entitle_template_channels WHERE template = ?"};
    if (const int code = channels.id(id).run(); code != SQLITE_OK) return code;
    Query scope{connection, "DELETE FROM entitle_template_scope WHERE template = ?"};
    if (const int code = scope.id(id).run(); code != SQLITE_OK) return code;
    Query query{connection, "DELETE FROM entitle_templates WHERE id = ?"};
    return query.id(id).run();
}

}  // namespace

int keep(Connection& connection, const Template& made) {
    if (const int code = remove(connection, made.id); code != SQLITE_OK) return code;
    const Agreement& agreement = made.agreement;
    const store::Days days{agreement.coverage};
    const store::Texts texts{agreement};
    Query query{
        connection,
        "INSERT INTO entitle_templates (id, name, description, lasts, lasts_step, first_day, last_day,"
        " time_zone, counts, currency, per_term, decrease_on, restricted, priority, knowledge_base,"
        " discount_percent, sla, owner, period_every, period_step, period_anchor, rollover,"
        " preserve_overage, low_water, total)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    store::bind_template(query, made, days, texts);
    if (const int code = query.integer(agreement.total()).run(); code != SQLITE_OK) return code;
    if (const int code = insert_channels(connection, made); code != SQLITE_OK) return code;
    const Scope& scope = agreement.scope;
    int code = insert_scope(connection, made.id, 0, scope.contacts);
    if (code == SQLITE_OK) code = insert_scope(connection, made.id, 1, scope.products);
    if (code == SQLITE_OK) code = insert_scope(connection, made.id, 2, scope.assets);
    if (code == SQLITE_OK) code = insert_scope(connection, made.id, 3, scope.case_types);
    return code;
}

int keep(Connection& connection, const AssignmentRule& rule, bool& is_kept) {
    {
        Query query{connection, "SELECT 1 FROM entitle_templates WHERE id = ?"};
        is_kept = query.id(rule.from).next();
        if (!is_kept || query.code() != SQLITE_OK) return query.code();
    }
    Query query{connection,
                "INSERT INTO entitle_rules (product, at_least, template) VALUES (?, ?, ?)"
                " ON CONFLICT (product, at_least) DO UPDATE SET template = excluded.template"};
    return query.id(rule.product).integer(rule.at_least).id(rule.from).run();
}

int drop(Connection& connection, TemplateId id, bool& is_dropped) {
    is_dropped = false;
    {
        Query query{connection, "SELECT 1 FROM entitle_rules WHERE template = ? LIMIT 1"};
        if (query.id(id).next() || query.code() != SQLITE_OK) return query.code();
    }
    is_dropped = true;
    return remove(connection, id);
}

int drop(Connection& connection, const AssignmentRule& rule) {
    Query query{connection, "DELETE FROM entitle_rules WHERE product = ? AND at_least = ?"};
    return query.id(rule.product).integer(rule.at_least).run();
}

namespace {

[[nodiscard]] int read_channels(Connection& connection, Template& made) {
    Query query{connection,
                "SELECT channel, total FROM entitle_template_channels WHERE template = ? ORDER BY place"};
    query.id(made.id);
    while (query.next()) {
        const Channel channel = query.channel_or_none();
        if (!channel || made.agreement.channels.size() == max_channels) return SQLITE_CORRUPT;
        store::list_channel(made.agreement, channel, query.integer(0, store::max_amount));
    }
    return query.code();
}

[[nodiscard]] int read_scope(Connection& connection, Template& made) {
    Query query{connection,
                "SELECT kind, id FROM entitle_template_scope WHERE template = ? ORDER BY kind, place"};
    query.id(made.id);
    while (query.next()) read_scope_item(query, made.agreement.scope);
    return query.code();
}

}  // namespace

int list(Connection& connection, TemplateId only, std::vector<Template>& out) {
    std::vector<Template> found;
    {
        Query query{
            connection,
            "SELECT id, name, description, lasts, lasts_step, first_day, last_day, time_zone, counts,"
            " currency, decrease_on, restricted, priority, knowledge_base, discount_percent, sla,"
            " owner, period_every, period_step, period_anchor, rollover, preserve_overage, low_water, total"
            " FROM entitle_templates WHERE id >= ?1 AND (?2 = 0 OR id = ?1) ORDER BY id"};
        query.id(only).integer(only.is_none() ? 0 : 1);
        while (query.next()) {
            Template& made = found.emplace_back(store::template_of(query));
            const std::int64_t total = query.integer(0, store::max_amount);
            if (made.agreement.terms.total) made.agreement.terms.total->value = total;
        }
        if (query.code() != SQLITE_OK) return query.code();
    }
    for (Template& made : found) {
        if (const int code = read_channels(connection, made); code != SQLITE_OK) return code;
        if (const int code = read_scope(connection, made); code != SQLITE_OK) return code;
    }
    std::move(found.begin(), found.end(), std::back_inserter(out));
    return SQLITE_OK;
}

int list(Connection& connection, ProductId only, std::vector<AssignmentRule>& out) {
    Query query{connection,
                "SELECT product, at_least, template FROM entitle_rules"
                " WHERE product >= ?1 AND (?2 = 0 OR product = ?1) ORDER BY product, at_least"};
    query.id(only).integer(only.is_none() ? 0 : 1);
    std::vector<AssignmentRule> found;
    while (query.next()) {
        AssignmentRule& rule = found.emplace_back();
        rule.product = query.id<ProductId>();
        rule.at_least = query.integer();
        rule.from = query.id<TemplateId>();
        if (rule.at_least < 0) query.spoil();
    }
    if (query.code() == SQLITE_OK) out.insert(out.end(), found.begin(), found.end());
    return query.code();
}

}  // namespace entitle::inline v0::sqlite
