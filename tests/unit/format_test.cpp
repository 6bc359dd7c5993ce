#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

// Every public value prints.

namespace entitle {
namespace {

using namespace date::literals;
using namespace std::chrono_literals;

template <class T>
std::string print(const T& value) {
    return fmt::format("{}", value);
}

constexpr Instant july = date::sys_days{2014_y / 7 / 1} + 9h;

TEST(Format, days_and_instants) {
    EXPECT_EQ(print(as_day(2014_y / 7 / 1)), "2014-07-01");
    EXPECT_EQ(print(as_utc(july)), "2014-07-01T09:00:00Z");
    EXPECT_EQ(print(as_utc(july + 5us)), "2014-07-01T09:00:00.000005Z");
    EXPECT_EQ(print(as_utc(Instant{-1us})), "1969-12-31T23:59:59.999999Z");
    EXPECT_EQ(print(Coverage{2014_y / 1 / 1, 2014_y / 12 / 31, "Europe/Berlin"}),
              "2014-01-01 to 2014-12-31 (Europe/Berlin)");
}

TEST(Format, statuses_states_and_kinds) {
    EXPECT_EQ(print(Status::draft), "draft");
    EXPECT_EQ(print(Status::waiting), "waiting");
    EXPECT_EQ(print(Status::active), "active");
    EXPECT_EQ(print(Status::expired), "expired");
    EXPECT_EQ(print(Status::canceled), "canceled");
    EXPECT_EQ(print(CaseState::open), "open");
    EXPECT_EQ(print(CaseState::resolved), "resolved");
    EXPECT_EQ(print(CaseState::canceled), "canceled");
    EXPECT_EQ(print(EntryKind::carried_in), "carried_in");
    EXPECT_EQ(print(CommandKind::open_case), "open_case");
    EXPECT_EQ(print(CommandKind::delete_case), "delete_case");
    EXPECT_EQ(print(ErrorCode::channel_exhausted), "channel_exhausted");
    EXPECT_EQ(print(Allocation::hours), "hours");
}

TEST(Format, a_receipt) {
    Receipt receipt;
    receipt.command = CommandKind::resolve_case;
    receipt.moved = cases(-1);
    receipt.remaining = cases(4);
    EXPECT_EQ(print(receipt), "resolve_case: -1 case, 4 cases left");
    receipt.channel = Channel::phone;
    receipt.channel_moved = cases(-1);
    receipt.channel_remaining = cases(1);
    receipt.repeated = true;
    EXPECT_EQ(print(receipt), "resolve_case: -1 case, 4 cases left; phone: -1 case, 1 case left (repeated)");
    receipt.low_water = LowWaterCrossing{{}, cases(4)};
    EXPECT_EQ(print(receipt),
              "resolve_case: -1 case, 4 cases left; phone: -1 case, 1 case left; down to 4 cases (repeated)");
}

TEST(Format, an_entry) {
    Entry entry;
    entry.number = 7;
    entry.command = CommandKind::resolve_case;
    entry.kind = EntryKind::posting;
    entry.total_moved = -1;
    entry.remaining = 4;
    EXPECT_EQ(print(entry), "#7.0 resolve_case posting: -1 (4 left)");
    entry.channel = Channel::phone;
    entry.channel_moved = -1;
    entry.channel_remaining = 1;
    EXPECT_EQ(print(entry), "#7.0 resolve_case posting: -1 (4 left), phone -1 (1 left)");
    entry.kind = EntryKind::low_water;
    entry.total_moved = entry.channel_moved = 0;
    entry.amount = 2;
    EXPECT_EQ(print(entry), "#7.0 resolve_case low_water: +0 (4 left), down to 2, phone +0 (1 left)");
    entry.kind = EntryKind::draw;
    entry.reverses = {5, 0};
    EXPECT_EQ(print(entry), "#7.0 resolve_case draw: +0 (4 left), +2 paid by top-up #5, phone +0 (1 left)");
    entry.channel = {};
    entry.kind = EntryKind::allotment;
    entry.amount = 1'404'172'800'000'000;
    EXPECT_EQ(print(entry), "#7.0 resolve_case allotment: +0 (4 left), until 2014-07-01T00:00:00Z");
}

TEST(CommandKinds, have_names_in_the_order_of_their_stored_values) {
    static_assert(static_cast<int>(CommandKind::draft) == 1);
    static_assert(static_cast<int>(CommandKind::import_entitlement) == 14);
    static_assert(static_cast<int>(CommandKind::open_case) == 15);
    static_assert(static_cast<int>(CommandKind::delete_case) == 26);
    static_assert(static_cast<int>(CommandKind::assign) == 30);
    static_assert(static_cast<int>(last_command_kind) == 37);
    EXPECT_EQ(name_of(Draft::kind), "draft");
    EXPECT_EQ(name_of(ReviseScope::kind), "revise_scope");
    EXPECT_EQ(name_of(Adjust::kind), "adjust");
    EXPECT_EQ(name_of(ImportEntitlement::kind), "import_entitlement");
    EXPECT_EQ(name_of(ChangeCaseType::kind), "change_case_type");
    EXPECT_EQ(name_of(SetDecrement::kind), "set_decrement");
    EXPECT_EQ(name_of(VoidTopUp::kind), "void_top_up");
    EXPECT_EQ(name_of(MeetKpi::kind), "meet_kpi");
    EXPECT_EQ(std::variant_size_v<Command>, static_cast<std::size_t>(last_command_kind));
}

}  // namespace
}  // namespace entitle
