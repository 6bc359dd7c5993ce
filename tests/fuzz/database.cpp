// Any bytes as an SQLite file, or as changes to a file that is a desk: it is refused, or it is read, audited and written,
// and never brings the host down.

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <string>

#include <entitle/entitle.hpp>
#include <entitle/store/sqlite_store.hpp>

#include "fuzz/fuzz.hpp"
#include "store/scratch.hpp"

namespace {

using namespace entitle;
using namespace std::chrono_literals;

constexpr Instant july{date::sys_days{date::year{2014} / 7 / 1} + 12h};
const CustomerId lumen = CustomerId::from_integer(1);
const EntitlementId agreed = EntitlementId::from_integer(2);

/// Something of everything that a file keeps.
void use(Engine& desk) {
    (void)desk.set_default_service_level({});
    Draft draft{.name = "Support",
                .customer = lumen,
                .coverage = {date::year{2014} / 1 / 1, date::year{2014} / 12 / 31},
                .terms = {.total = cases(5), .decrease_on = DecreaseOn::creation, .restricted = true},
                .channels = {{Channel::phone, cases(3)}, {Channel::email, cases(4)}}};
    draft.id = agreed;
    draft.period = PeriodTerms{};
    (void)desk.draft(std::move(draft), july);
    (void)desk.activate({.customer = lumen, .id = agreed}, july);
    for (std::uint64_t i = 1; i <= 3; ++i) {
        const CaseId id = CaseId::from_integer(i);
        (void)desk.open_case(
            {.customer = lumen, .id = id, .origin = Channel::phone, .request = RequestId::from_integer(i)},
            july);
        if (i == 1) (void)desk.resolve_case({.customer = lumen, .id = id}, july);
    }
    (void)desk.top_up({.customer = lumen, .id = agreed, .amount = cases(2)}, july);
    (void)desk.seal(lumen);
}

void read_all(Engine& desk) {
    (void)desk.entitlements();
    (void)desk.cases();
    (void)desk.entries(lumen);
    (void)desk.statement(lumen, agreed);
    (void)desk.balance_at(lumen, agreed, july);
    (void)desk.forecast(lumen, agreed, 30, july);
    (void)desk.changes_between(july, july + 1000h);
    (void)desk.due(july + 1000h);
    (void)desk.templates();
    (void)desk.rules();
    (void)desk.service_levels();
    (void)desk.check({.customer = lumen, .id = CaseId::from_integer(9), .origin = Channel::phone}, july);
    (void)desk.audit();
}

std::string made_desk() {
    const store_contract::Scratch scratch;
    const std::string file = scratch.file("desk.db");
    {
        Engine desk{SqliteStore::open(file, {.synchronous = Synchronous::off}).value()};
        use(desk);
    }
    return store_contract::bytes_of(file);
}

/// A whole file where the bytes begin as one does; else the made one, with pieces written over: where (three bytes), how
/// long (one), and what.
std::string file_of(fuzz::Bytes bytes) {
    static const std::string made = made_desk();
    const std::string_view text = fuzz::text_of(bytes);
    if (text.starts_with("SQLite format 3")) return std::string{text};
    std::string out = made;
    for (std::size_t at = 0; at + 4 < text.size();) {
        const std::size_t place =
            (std::size_t{bytes[at]} << 16 | std::size_t{bytes[at + 1]} << 8 | bytes[at + 2]) % out.size();
        const std::size_t length =
            std::min({std::size_t{bytes[at + 3]} % 16 + 1, text.size() - at - 4, out.size() - place});
        std::memcpy(out.data() + place, text.data() + at + 4, length);
        at += 4 + length;
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const store_contract::Scratch scratch;
    static const std::string file = scratch.file("any.db");
    for (const char* more : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(file + more);
    {
        std::ofstream out{file, std::ios::binary};
        out << file_of({data, size});
    }
    auto store = SqliteStore::open(file, {.synchronous = Synchronous::off});
    if (!store) return 0;
    Engine desk{std::move(*store)};
    read_all(desk);
    use(desk);
    read_all(desk);
    return 0;
}
