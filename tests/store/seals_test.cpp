#include <vector>

#include "stores.hpp"

// The contract's seals and archives, over every store.

namespace store_contract {
namespace {

/// A head that no chain would give: a store keeps heads, it does not make them.
[[nodiscard]] Digest head(std::uint8_t mark) { return Digest{{mark, 2, 3}}; }

class SealContract : public Contract {
protected:
    /// Four commands: drafted, activated, two cases opened.
    SealContract() {
        grant("a"_entitlement);
        (void)run(OpenCase{.customer = acme, .id = "c1"_case, .origin = Channel::phone});
        (void)run(OpenCase{.customer = acme, .id = "c2"_case, .request = "r"_request});
    }
    void keep(std::uint64_t first, const std::vector<Digest>& heads) {
        ASSERT_TRUE(store->keep_heads(acme, first, heads));
    }
    [[nodiscard]] static Base base(std::uint64_t number) {
        Base made;
        made.seal = {acme, number, head(static_cast<std::uint8_t>(number))};
        made.counters = {{"a"_entitlement, {}, -1, 4, {3, 0}, 1},
                         {"a"_entitlement, Channel::phone, -1, 1, {3, 0}, 1}};
        made.cases = {
            {"c1"_case, "a"_entitlement, CaseState::resolved, {{3, 0}, 1, Channel::phone}, {}, 2, july, 3},
            {"c2"_case,
             "a"_entitlement,
             CaseState::open,
             {},
             {{{4, 1}, 3, Channel::phone}, end_2014},
             0,
             july,
             4}};
        return made;
    }
};

TEST_P(SealContract, S14_heads_are_kept_in_number_order) {
    keep(1, {head(1), head(2)});
    keep(3, {head(3)});
    EXPECT_EQ(scanned<Seal>({acme, {}}),
              (std::vector<Seal>{{acme, 1, head(1)}, {acme, 2, head(2)}, {acme, 3, head(3)}}));
    EXPECT_EQ(scanned<Seal>({}).size(), 3U);
    EXPECT_TRUE(scanned<Seal>({other_customer, {}}).empty());
}

TEST_P(SealContract, S14_a_head_once_kept_is_never_changed) {
    keep(1, {head(1), head(2)});
    keep(2, {head(9), head(3)});
    EXPECT_EQ(scanned<Seal>({acme, {}}),
              (std::vector<Seal>{{acme, 1, head(1)}, {acme, 2, head(2)}, {acme, 3, head(3)}}));
    keep(1, {head(9)});
    EXPECT_EQ(scanned<Seal>({acme, {}}).front().head, head(1));
}

TEST_P(SealContract, S14_heads_leave_no_gap_and_are_of_commands_that_are_there) {
    const std::vector<Digest> two{head(1), head(2)};
    EXPECT_EQ(store->keep_heads(acme, 2, two).error().code, ErrorCode::not_sealed);
    EXPECT_EQ(store->keep_heads(acme, 0, two).error().code, ErrorCode::not_sealed);
    EXPECT_EQ(store->keep_heads(other_customer, 1, two).error().code, ErrorCode::not_sealed);
    keep(1, {head(1), head(2), head(3)});
    EXPECT_EQ(store->keep_heads(acme, 4, two).error().code, ErrorCode::not_sealed);
    EXPECT_EQ(scanned<Seal>({}).size(), 3U);
}

TEST_P(SealContract, S15_a_base_takes_the_place_of_the_entries_and_heads_up_to_it) {
    keep(1, {head(1), head(2), head(3), head(4)});
    const auto entitlements = scanned<Entitlement>({});
    const auto cases = scanned<SupportCase>({});
    ASSERT_TRUE(store->archive(base(3)));
    const auto entries = scanned<entitle::Entry>({});
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].number, 4U);
    EXPECT_EQ(scanned<Seal>({}), (std::vector<Seal>{{acme, 4, head(4)}}));
    EXPECT_EQ(scanned<Base>({}), std::vector{base(3)});
    EXPECT_EQ(scanned<Base>({acme, {}}), std::vector{base(3)});
    EXPECT_TRUE(scanned<Base>({other_customer, {}}).empty());
    EXPECT_EQ(scanned<Entitlement>({}), entitlements);
    EXPECT_EQ(scanned<SupportCase>({}), cases);
}

TEST_P(SealContract, S15_numbers_requests_and_postings_go_on_after_a_base) {
    keep(1, {head(1), head(2), head(3), head(4)});
    ASSERT_TRUE(store->archive(base(4)));
    EXPECT_TRUE(scanned<entitle::Entry>({}).empty());

    const OpenCase again{.customer = acme, .id = "c2"_case, .request = "r"_request};
    begin(Access::read, again);
    const View seen = view_for(again);
    EXPECT_TRUE(seen.has_first);
    EXPECT_EQ(seen.first.receipt.number, 4U);
    EXPECT_EQ(seen.first.receipt.remaining.value, 3);
    EXPECT_TRUE(seen.has_case);
    EXPECT_EQ(seen.last_number, 4U);
    store->abandon();

    const Receipt canceled = run(CancelCase{.customer = acme, .id = "c1"_case});
    EXPECT_EQ(canceled.number, 5U);
    EXPECT_EQ(canceled.moved.value, 1);
    EXPECT_EQ(canceled.channel, Channel::phone);
    const auto entries = scanned<entitle::Entry>({});
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].reverses, (EntryRef{3, 0}));
    keep(5, {head(5)});
    EXPECT_EQ(scanned<Seal>({}), (std::vector<Seal>{{acme, 5, head(5)}}));
}

TEST_P(SealContract, S15_a_later_base_takes_the_place_of_the_former) {
    keep(1, {head(1), head(2), head(3), head(4)});
    ASSERT_TRUE(store->archive(base(2)));
    ASSERT_TRUE(store->archive(base(4)));
    EXPECT_EQ(scanned<Base>({}), std::vector{base(4)});
    EXPECT_TRUE(scanned<Seal>({}).empty());
}

TEST_P(SealContract, S15_nothing_happens_where_the_ledger_is_not_sealed_so_far) {
    keep(1, {head(1), head(2), head(3)});
    EXPECT_EQ(store->archive(base(4)).error().code, ErrorCode::not_sealed);
    Base nobodys = base(1);
    nobodys.seal.customer = other_customer;
    EXPECT_EQ(store->archive(nobodys).error().code, ErrorCode::not_sealed);
    EXPECT_EQ(scanned<entitle::Entry>({}).size(), 4U);
    EXPECT_TRUE(scanned<Base>({}).empty());
    EXPECT_EQ(scanned<Seal>({}).size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(, SealContract, testing::ValuesIn(stores()),
                         [](const auto& tested) { return std::string{tested.param.name}; });

}  // namespace
}  // namespace store_contract
