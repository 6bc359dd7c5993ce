#include <entitle/entitle.hpp>

using namespace entitle;
using namespace date::literals;

int main() {
    Engine desk{std::make_unique<MemoryStore>()};
    const auto blue_yonder = CustomerId::from_name("Blue Yonder Airlines");
    const auto phone_case = CaseId::from_name("CAS-01001");
    const Instant now = date::sys_days{2014_y / 7 / 1} + std::chrono::hours{9};

    const auto id = desk.draft({.name = "Mobile Accessories",
                                .customer = blue_yonder,
                                .coverage = {2014_y / 6 / 25, 2015_y / 6 / 24},
                                .terms = {.total = cases(5), .restricted = true},
                                .channels = {{Channel::email, cases(2)}, {Channel::phone, cases(1)}}},
                               now)
                        .value()
                        .entitlement;
    fmt::print("{}\n", desk.activate({.customer = blue_yonder, .id = id}, now).value());
    fmt::print(
        "{}\n",
        desk.open_case({.customer = blue_yonder, .id = phone_case, .origin = Channel::phone}, now).value());
    const auto second = desk.check({.customer = blue_yonder, .origin = Channel::phone}, now);
    if (!second) fmt::print("refused: {}\n", second.error());
}
