#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "plan_json.hpp"

namespace program {

/// What is agreed, as arguments say it. Texts are read as a plan's are, by the same code.
struct TermsOptions {
    std::string name, first_day, last_day, zone;
    std::string cases, hours, money, currency;
    bool is_coverage = false;
    std::string decrease_on;
    std::optional<bool> restricted;
    std::vector<std::string> channels;  ///< `phone=2`
    std::vector<std::string> products, contacts, assets, case_types;
    std::optional<std::int64_t> priority;
    std::string period, rollover;
    bool preserves_overage = false;
    std::string lasts;               ///< of a template: `12 months`
    std::optional<std::string> sla;  ///< a service level; empty: none any more

    [[nodiscard]] bool has_coverage() const { return !(first_day + last_day + zone).empty(); }
    [[nodiscard]] bool has_amount() const { return is_coverage || !(cases + hours + money).empty(); }
    [[nodiscard]] bool has_terms() const {
        return has_amount() || !decrease_on.empty() || restricted || !currency.empty();
    }
    [[nodiscard]] bool has_scope() const {
        return !products.empty() || !contacts.empty() || !assets.empty() || !case_types.empty();
    }
    [[nodiscard]] bool has_any() const {
        return has_coverage() || has_terms() || has_scope() || has_period() || !(name + lasts).empty() ||
               !channels.empty() || priority.has_value() || sla.has_value();
    }
    [[nodiscard]] bool has_period() const { return !(period + rollover).empty() || preserves_overage; }
};

/// Whom the options are for: what has no customer lasts from the day of use.
enum class TermsFor : unsigned char { entitlement, of_template };

void add_terms_options(CLI::App& app, TermsOptions& options, TermsFor what);

/// Puts what was given in the place of an object's members, as a plan writes them.
void put_terms(const TermsOptions& options, Node& object);

/// Puts a member in the place of the one with its key.
void put_member(Node& object, Node member);

}  // namespace program
