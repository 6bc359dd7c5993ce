#pragma once

#include "command/commands.hpp"

/// Each family of commands adds its own.
namespace program {

void add_desk_commands(Commands& commands);         ///< init, audit, seal, backup
void add_customer_commands(Commands& commands);     ///< customer
void add_entitlement_commands(Commands& commands);  ///< entitlement
void add_case_commands(Commands& commands);         ///< case, hold, release
void add_sla_commands(Commands& commands);          ///< sla
void add_check_command(Commands& commands);         ///< check
void add_account_commands(Commands& commands);      ///< statement, usage, changes
void add_balance_commands(Commands& commands);      ///< top-up, adjust
void add_template_commands(Commands& commands);     ///< template, rule, purchase
void add_plan_commands(Commands& commands);         ///< import, export
void add_report_command(Commands& commands);        ///< report

}  // namespace program
