#include <entitle/entitle.hpp>

using namespace entitle;
using namespace date::literals;

int main() {
    Engine desk{std::make_unique<MemoryStore>()};
    const auto customer = CustomerId::from_name("Blue Yonder Airlines");
    const Instant now = date::sys_days{2014_y / 7 / 1} + std::chrono::hours{9};

    const auto drafted = desk.draft({.name = "Mobile Accessories",
                                     .customer = customer,
                                     .coverage = {2014_y / 6 / 25, 2015_y / 6 / 24},
                                     .terms = {.total = cases(5), .restricted = true},
                                     .channels = {{Channel::email, cases(2)}, {Channel::phone, cases(1)}}},
                                    now)
                             .value();
    const auto active = desk.activate({.customer = customer, .id = drafted.entitlement}, now).value();
    const auto opened =
        desk.open_case({.customer = customer, .id = CaseId::from_name("C-1"), .origin = Channel::phone}, now);
    const auto another = desk.check({.customer = customer, .origin = Channel::phone}, now);

    fmt::print("{}\n{}\n{}\n", active, opened.value(), another.error());
}
