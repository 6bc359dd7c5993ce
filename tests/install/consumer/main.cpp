#include <entitle/entitle.hpp>

/// Says its version once the library has decided something here.
int main() {
    using namespace date::literals;
    entitle::Engine desk{std::make_unique<entitle::MemoryStore>()};
    const auto customer = entitle::CustomerId::from_name("consumer");
    const entitle::Instant now = date::sys_days{2026_y / 1 / 1};
    const auto drafted = desk.draft({.name = "Support",
                                     .customer = customer,
                                     .coverage = {2026_y / 1 / 1, 2026_y / 12 / 31, "UTC"},
                                     .terms = {.total = entitle::cases(5)}},
                                    now);
    if (!drafted || !desk.activate({.customer = customer, .id = drafted->entitlement}, now)) return 1;
    if (!desk.check({.customer = customer, .origin = entitle::Channel::phone}, now)) return 1;
    fmt::print("entitle {}.{}.{}\n", ENTITLE_VERSION_MAJOR, ENTITLE_VERSION_MINOR, ENTITLE_VERSION_PATCH);
}
