#include "catalog.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "../store/reading.hpp"
#include "../store/writing.hpp"
#include "read.hpp"
#include "write.hpp"

namespace entitle::inline v0::postgres {

namespace {

[[nodiscard]] bool can_be_kept(const Agreement& agreement) {
    return is_text(agreement.name) && is_text(agreement.description) &&
           std::all_of(agreement.channels.begin(), agreement.channels.end(),
                       [](const ChannelTerms& one) { return is_text(one.channel.name()); });
}

}  // namespace

Code keep(Connection& connection, const Template& made) {
    if (!can_be_kept(made.agreement)) return Code::limit;
    Statement statement{
        "INSERT INTO entitle_templates (template_id, name, description, lasts, lasts_step, first_day, "
        "last_day,"
        " time_zone, counts, currency, per_term, decrease_on, restricted, priority, knowledge_base,"
        " discount_percent, sla_id, owner_id, period_every, period_step, period_anchor, rollover,"
        " preserve_overage, low_water, total, channels, channel_totals, contacts, products, assets, "
        "case_types)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::bigint <> 0, $14, $15, $16, $17, "
        "$18,"
        " $19, $20, $21, $22, $23::bigint <> 0, $24, $25, $26, $27, $28, $29, $30, $31)"
        " ON CONFLICT (template_id) DO UPDATE SET name = excluded.name, description = excluded.description,"
        " lasts = excluded.lasts, lasts_step = excluded.lasts_step, first_day = excluded.first_day,"
        " last_day = excluded.last_day, time_zone = excluded.time_zone, counts = excluded.counts,"
        " currency = excluded.currency, per_term = excluded.per_term, decrease_on = excluded.decrease_on,"
        " restricted = excluded.restricted, priority = excluded.priority,"
        " knowledge_base = excluded.knowledge_base, discount_percent = excluded.discount_percent,"
        " sla_id = excluded.sla_id, owner_id = excluded.owner_id, period_every = excluded.period_every,"
        " period_step = excluded.period_step, period_anchor = excluded.period_anchor,"
        " rollover = excluded.rollover, preserve_overage = excluded.preserve_overage, low_water = "
        "excluded.low_water, total = excluded.total,"
        " channels = excluded.channels, channel_totals = excluded.channel_totals,"
        " contacts = excluded.contacts, products = excluded.products, assets = excluded.assets,"
        " case_types = excluded.case_types"};
    const Agreement& agreement = made.agreement;
    store::bind_template(statement, made, store::Days{agreement.coverage}, store::Texts{agreement});
    bind_parts(statement, agreement, {});
    return connection.run(statement);
}

Code keep(Connection& connection, const AssignmentRule& rule) {
    Statement statement{
        "INSERT INTO entitle_rules (product_id, at_least, template_id) VALUES ($1, $2, $3)"
        " ON CONFLICT (product_id, at_least) DO UPDATE SET template_id = excluded.template_id"};
    statement.id(rule.product).integer(rule.at_least).id(rule.from);
    return connection.run(statement);
}

Code drop(Connection& connection, TemplateId id) {
    Statement statement{"DELETE FROM entitle_templates WHERE template_id = $1"};
    statement.id(id);
    return connection.run(statement);
}

Code drop(Connection& connection, const AssignmentRule& rule) {
    Statement statement{"DELETE FROM entitle_rules WHERE product_id = $1 AND at_least = $2"};
    statement.id(rule.product).integer(rule.at_least);
    return connection.run(statement);
}

Code list(Connection& connection, TemplateId only, std::vector<Template>& out) {
    Statement statement{
        "SELECT template_id, name, description, lasts, lasts_step, first_day, last_day, time_zone, counts,"
        " currency, decrease_on, restricted, priority, knowledge_base, discount_percent, sla_id, owner_id,"
        " period_every, period_step, period_anchor, rollover, preserve_overage, low_water, total, channels,"
        " channel_totals, contacts, products, assets, case_types FROM entitle_templates"
        " WHERE template_id = $1 OR $1 IS NULL ORDER BY template_id"};
    Rows rows;
    if (const Code code = connection.run(statement.id_or_null(only), rows); code != Code::ok) return code;
    std::vector<Template> found;
    while (rows.next()) {
        Template made = store::template_of(rows);
        store::LooseRow loose;
        loose.record = std::make_unique<EntitlementRecord>();
        loose.record->agreement = std::move(made.agreement);
        read_parts(rows, loose);
        if (!loose.record->removed.empty()) rows.spoil();
        made.agreement = std::move(loose.record->agreement);
        found.push_back(std::move(made));
    }
    if (rows.code() == Code::ok) std::move(found.begin(), found.end(), std::back_inserter(out));
    return rows.code();
}

Code list(Connection& connection, ProductId only, std::vector<AssignmentRule>& out) {
    Statement statement{
        "SELECT product_id, at_least, template_id FROM entitle_rules"
        " WHERE product_id = $1 OR $1 IS NULL ORDER BY product_id, at_least"};
    Rows rows;
    if (const Code code = connection.run(statement.id_or_null(only), rows); code != Code::ok) return code;
    std::vector<AssignmentRule> found;
    while (rows.next()) {
        AssignmentRule& rule = found.emplace_back();
        rule.product = rows.id<ProductId>();
        rule.at_least = rows.integer();
        rule.from = rows.id<TemplateId>();
        if (rule.at_least < 0) rows.spoil();
    }
    if (rows.code() == Code::ok) out.insert(out.end(), found.begin(), found.end());
    return rows.code();
}

}  // namespace entitle::inline v0::postgres
