#include "property/execute.hpp"

#include <variant>

namespace entitle_property {

entitle::Outcome execute(entitle::Engine& engine, const entitle::Command& command, entitle::Instant now) {
    return std::visit([&](const auto& one) { return engine.execute(one, now); }, command);
}

}  // namespace entitle_property
