#include <initializer_list>
#include <string_view>

#include "desk.hpp"

// R12: the worked example of the sources, number by number, under three policies.

namespace conformance {
namespace {

class MobileAccessories : public Desk {
public:
    explicit MobileAccessories(const Policy& policy)
        : Desk{policy},
          id{grant(agreed(on_resolution(5), {{Channel::email, cases(2)},
                                             {Channel::facebook, cases(1)},
                                             {Channel::phone, cases(2)},
                                             {Channel::web, cases(1)}}))} {}

    EntitlementId id;

    void expect_left(std::int64_t total, std::int64_t email, std::int64_t facebook, std::int64_t phone,
                     std::int64_t web) const {
        EXPECT_EQ(left(id), total);
        EXPECT_EQ(left(id, Channel::email), email);
        EXPECT_EQ(left(id, Channel::facebook), facebook);
        EXPECT_EQ(left(id, Channel::phone), phone);
        EXPECT_EQ(left(id, Channel::web), web);
    }

    /// Opens the eight cases but t1.
    void open_all() {
        for (const std::string_view phone : {"p1", "p2"}) EXPECT_THAT(open(phone, Channel::phone), ok());
        for (const std::string_view chat : {"f1", "f2"}) EXPECT_THAT(open(chat, Channel::facebook), ok());
        for (const std::string_view mail : {"e1", "e2"}) EXPECT_THAT(open(mail, Channel::email), ok());
        EXPECT_THAT(open("w1", Channel::web), ok());
    }
};

class R12Example : public testing::TestWithParam<const char*> {};

TEST_P(R12Example, one_phone_case_resolved_leaves_4_and_phone_1_and_reactivated_5_and_phone_2) {
    MobileAccessories desk{policy::named(GetParam()).value()};
    desk.expect_left(5, 2, 1, 2, 1);

    ASSERT_THAT(desk.open("p0", Channel::phone), ok());
    desk.expect_left(5, 2, 1, 2, 1);
    const auto resolved = desk.resolve("p0");
    ASSERT_THAT(resolved, ok());
    EXPECT_EQ(resolved->moved, Quantity(cases(-1)));
    EXPECT_EQ(resolved->remaining, Quantity(cases(4)));
    EXPECT_EQ(resolved->channel, Channel::phone);
    EXPECT_EQ(resolved->channel_moved, Quantity(cases(-1)));
    EXPECT_EQ(resolved->channel_remaining, Quantity(cases(1)));
    desk.expect_left(4, 2, 1, 1, 1);

    ASSERT_THAT(desk.reactivate("p0"), ok());
    desk.expect_left(5, 2, 1, 2, 1);
}

INSTANTIATE_TEST_SUITE_P(, R12Example, testing::Values("standard", "dynamics365", "crm2014"),
                         [](const auto& run) { return run.param; });

TEST(R12, crm2014_refuses_f2_t1_and_w1_at_resolution) {
    MobileAccessories desk{policy::crm2014};
    desk.open_all();
    ASSERT_THAT(desk.open("t1", Channel::twitter), ok());
    desk.expect_left(5, 2, 1, 2, 1);

    EXPECT_THAT(desk.resolve("p1"), ok());
    desk.expect_left(4, 2, 1, 1, 1);
    EXPECT_THAT(desk.resolve("f1"), ok());
    desk.expect_left(3, 2, 0, 1, 1);
    EXPECT_THAT(desk.resolve("f2"), refused(ErrorCode::channel_exhausted));
    desk.expect_left(3, 2, 0, 1, 1);
    EXPECT_THAT(desk.resolve("t1"), refused(ErrorCode::channel_not_listed));
    desk.expect_left(3, 2, 0, 1, 1);
    EXPECT_THAT(desk.resolve("e1"), ok());
    desk.expect_left(2, 1, 0, 1, 1);
    EXPECT_THAT(desk.resolve("e2"), ok());
    desk.expect_left(1, 0, 0, 1, 1);
    EXPECT_THAT(desk.resolve("p2"), ok());
    desk.expect_left(0, 0, 0, 0, 1);
    EXPECT_THAT(desk.resolve("w1"), refused(ErrorCode::terms_exhausted));
    desk.expect_left(0, 0, 0, 0, 1);
}

TEST(R12, standard_refuses_t1_at_opening) {
    MobileAccessories desk{policy::standard};
    desk.open_all();
    const auto t1 = desk.open("t1", Channel::twitter);
    EXPECT_THAT(t1, refused(ErrorCode::not_entitled));
    EXPECT_EQ(t1.error().reason, ErrorCode::channel_not_listed);
    EXPECT_THAT(desk.open_on(desk.id, "t1", Channel::twitter), refused(ErrorCode::channel_not_listed));

    EXPECT_THAT(desk.resolve("p1"), ok());
    EXPECT_THAT(desk.resolve("f1"), ok());
    EXPECT_THAT(desk.resolve("f2"), refused(ErrorCode::channel_exhausted));
    EXPECT_THAT(desk.resolve("t1"), refused(ErrorCode::unknown_case));
    EXPECT_THAT(desk.resolve("e1"), ok());
    EXPECT_THAT(desk.resolve("e2"), ok());
    EXPECT_THAT(desk.resolve("p2"), ok());
    EXPECT_THAT(desk.resolve("w1"), refused(ErrorCode::terms_exhausted));
    desk.expect_left(0, 0, 0, 0, 1);
}

TEST(R12, dynamics365_lets_t1_take_one_of_the_total_and_then_p2_is_refused_too) {
    MobileAccessories desk{policy::dynamics365};
    desk.open_all();
    ASSERT_THAT(desk.open("t1", Channel::twitter), ok());

    EXPECT_THAT(desk.resolve("p1"), ok());
    EXPECT_THAT(desk.resolve("f1"), ok());
    EXPECT_THAT(desk.resolve("f2"), refused(ErrorCode::channel_exhausted));
    desk.expect_left(3, 2, 0, 1, 1);
    EXPECT_THAT(desk.resolve("t1"), ok());
    desk.expect_left(2, 2, 0, 1, 1);
    EXPECT_THAT(desk.resolve("e1"), ok());
    EXPECT_THAT(desk.resolve("e2"), ok());
    desk.expect_left(0, 0, 0, 1, 1);
    EXPECT_THAT(desk.resolve("p2"), refused(ErrorCode::terms_exhausted));
    EXPECT_THAT(desk.resolve("w1"), refused(ErrorCode::terms_exhausted));
    desk.expect_left(0, 0, 0, 1, 1);
}

}  // namespace
}  // namespace conformance
