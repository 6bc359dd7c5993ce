#include "property/execute.hpp"

#include <variant>

#include "property/commands.hpp"

namespace entitle_property {

namespace {

entitle::Result<void> change_catalog(entitle::Engine& engine, const model::Op& op) {
    const entitle::AssignmentRule rule{id_of<entitle::ProductId>(op.product), op.quantity,
                                       id_of<entitle::TemplateId>(op.from)};
    switch (op.kind) {
        case model::Kind::set_template:
            return engine.set_template(template_of(op.from, {op.agreement, op.lasts}));
        case model::Kind::remove_template: return engine.remove_template(rule.from);
        case model::Kind::set_rule: return engine.set_rule(rule);
        default: return engine.remove_rule(rule.product, rule.at_least);
    }
}

}  // namespace

entitle::Outcome execute(entitle::Engine& engine, const model::Op& op, bool names_customer) {
    if (!model::is_of_catalog(op.kind)) {
        return execute(engine, command_of(op, names_customer), instant(op.now));
    }
    return change_catalog(engine, op).map([] { return entitle::Receipt{}; });
}

entitle::Outcome execute(entitle::Engine& engine, const entitle::Command& command, entitle::Instant now) {
    return std::visit([&](const auto& one) { return engine.execute(one, now); }, command);
}

}  // namespace entitle_property
