#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"

namespace entitle::inline v0 {

/// Which command an entry, a receipt or an error belongs to. The values are stored: they never change.
enum class CommandKind : std::uint8_t {
    none = 0,  ///< a query, or a check before any command
    draft = 1,
    revise = 2,
    set_channel = 3,
    remove_channel = 4,
    revise_scope = 5,
    amend = 6,
    activate = 7,
    deactivate = 8,
    cancel = 9,
    renew = 10,
    set_default = 11,
    remove = 12,
    adjust = 13,
    import_entitlement = 14,
    open_case = 15,
    resolve_case = 16,
    cancel_case = 17,
    reactivate_case = 18,
    change_origin = 19,
    change_entitlement = 20,
    change_contact = 21,
    change_product = 22,
    change_asset = 23,
    change_case_type = 24,
    set_decrement = 25,
    delete_case = 26,
    hold_terms = 27,
    release_terms = 28,
    instantiate = 29,
    assign = 30,
    top_up = 31,
    void_top_up = 32,
    respond_to_case = 33,
    change_stage = 34,
    change_priority = 35,
    change_service_level = 36,
    meet_kpi = 37,
    // of the catalog: in no ledger
    set_template = 38,
    remove_template = 39,
    set_rule = 40,
    remove_rule = 41,
    set_calendar = 42,
    set_service_level = 43,
    set_default_service_level = 44,
};

inline constexpr std::size_t command_kind_count = 45;
/// Those up to here stand in ledgers.
inline constexpr CommandKind last_command_kind = CommandKind::meet_kpi;

/// The enumerator's name, as in `open_case`.
[[nodiscard]] constexpr std::string_view name_of(CommandKind kind) {
    constexpr std::array<std::string_view, command_kind_count> names{
        "none",
        "draft",
        "revise",
        "set_channel",
        "remove_channel",
        "revise_scope",
        "amend",
        "activate",
        "deactivate",
        "cancel",
        "renew",
        "set_default",
        "remove",
        "adjust",
        "import_entitlement",
        "open_case",
        "resolve_case",
        "cancel_case",
        "reactivate_case",
        "change_origin",
        "change_entitlement",
        "change_contact",
        "change_product",
        "change_asset",
        "change_case_type",
        "set_decrement",
        "delete_case",
        "hold_terms",
        "release_terms",
        "instantiate",
        "assign",
        "top_up",
        "void_top_up",
        "respond_to_case",
        "change_stage",
        "change_priority",
        "change_service_level",
        "meet_kpi",
        "set_template",
        "remove_template",
        "set_rule",
        "remove_rule",
        "set_calendar",
        "set_service_level",
        "set_default_service_level",
    };
    return names[static_cast<std::size_t>(kind)];
}

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::CommandKind> : entitle::detail::PlainFormatter {
    auto format(entitle::CommandKind kind, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{}", entitle::name_of(kind));
    }
};
