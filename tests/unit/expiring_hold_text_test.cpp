#include "entitle/value/expiring_hold_text.hpp"

#include <string>

#include <gtest/gtest.h>

namespace entitle {
namespace {

ExpiringHolds two_holds() {
    const Instant until{std::chrono::microseconds{1'404'172'800'000'000}};
    ExpiringHolds holds{.first = 3, .open = {}};
    holds.open.push_back({{3, 1}, CaseId::from_integer(7), 5, {}, until, 2, 0});
    holds.open.push_back({{9, 0},
                          CaseId::from_name("c"),
                          6,
                          Channel::named("on site").value(),
                          until + std::chrono::hours{1},
                          0,
                          6});
    return holds;
}

TEST(ExpiringHoldText, tells_all_and_comes_back) {
    const ExpiringHolds holds = two_holds();
    EXPECT_EQ(expiring_holds_from(text_of(holds)), holds);
    EXPECT_EQ(text_of(ExpiringHolds{}), "");
    EXPECT_EQ(expiring_holds_from(""), ExpiringHolds{});
    EXPECT_EQ(expiring_holds_from("first 3"), (ExpiringHolds{.first = 3, .open = {}}));
}

TEST(ExpiringHoldText, what_does_not_hold_together_is_nothing) {
    const std::string text = text_of(two_holds());
    for (std::size_t length = 1; length < text.size(); ++length) {
        const auto cut = expiring_holds_from(text.substr(0, length));
        if (cut) {
            EXPECT_LT(cut->open.size(), 2U) << length;
        }
    }
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string other = text;
        const auto at = other.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return expiring_holds_from(other.replace(at, from.size(), to));
    };
    EXPECT_FALSE(with("first 3", "first 0"));
    EXPECT_FALSE(with("number 9", "number 3")) << "out of order";
    EXPECT_FALSE(with("of 5", "of 0"));
    EXPECT_FALSE(with("lost 2", "lost 6")) << "more than it holds";
    EXPECT_FALSE(with("lost 2", "lost -1"));
    EXPECT_FALSE(with("lost 2 0", "lost 2 1")) << "of no channel";
    EXPECT_FALSE(with("channel 7", "channel 99"));
}

TEST(ExpiringHoldText, an_end_is_the_reason_of_the_entry_that_holds) {
    const Instant until{std::chrono::microseconds{-5}};
    EXPECT_EQ(until_text(until), "until -5");
    EXPECT_EQ(until_from("until -5"), until);
    for (const char* other : {"", "until", "until x", "until 5 6", "counted by hand"}) {
        EXPECT_EQ(until_from(other), Instant::max()) << other;
    }
}

}  // namespace
}  // namespace entitle
