#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <entitle/value/channel.hpp>
#include <entitle/value/instant.hpp>
#include <tl/expected.hpp>

namespace program {

enum class EventKind : std::uint8_t {
    open,
    resolve,
    cancel,
    reactivate,
    change_origin,
    change_entitlement,
    remove,
    hold,
    release,
    cancel_entitlement,
    deactivate_entitlement,
    activate_entitlement,
    renew_entitlement,
    set_default,
    purchase,
    top_up,
    void_top_up
};

/// Whether it is about a case, not about an entitlement.
[[nodiscard]] constexpr bool is_of_case(EventKind kind) { return kind <= EventKind::release; }

/// Something that happened, in the words of the file. An empty text is an absent fact.
struct Event {
    EventKind kind = EventKind::open;
    bool decrement = true;
    entitle::Instant at{};
    std::string case_key{};
    std::string customer{}, contact{}, product{}, asset{}, case_type{};
    std::string entitlement{};
    entitle::Channel origin{};
    std::chrono::minutes spent{0};
    std::string purchase{};     ///< its key
    std::int64_t quantity = 0;  ///< of the product that was bought
    std::string cost{};         ///< a decimal text: which currency's is known when the case is
    std::string amount{};       ///< of a top-up, and
    std::string rollover{};     ///< how much of it passes; empty: all. In the form of the entitlement's total
    std::int32_t priority = 100;
    std::optional<entitle::Instant> from{}, expires{};
    std::int64_t top_up = 0;  ///< the one to void, among the entitlement's, from 1
};

/// Why a row is not an event.
struct BadRow {
    std::string column{};  ///< `row` where it is about all of them
    std::string reason{};
};

/// A row of a file: an event, or a bad row.
struct Row {
    std::uint64_t line = 0;                ///< of the file, from 1
    std::optional<entitle::Instant> at{};  ///< where it could be read, also of a bad row
    Event event{};
    std::optional<BadRow> bad{};
    bool reported = false;  ///< the bad row has been reported already
};

/// A file of events, in the order in which they are applied.
class EventReader {
public:
    EventReader() = default;
    EventReader(const EventReader&) = delete;
    EventReader& operator=(const EventReader&) = delete;
    virtual ~EventReader() = default;

    /// False at the end.
    virtual bool next(Row& row) = 0;
    virtual void rewind() = 0;
    /// Why reading stopped before the end; empty where it did not.
    [[nodiscard]] virtual std::string_view failure() const = 0;
    /// How far it has come, from 0 to 1; nothing where nobody knows.
    [[nodiscard]] virtual std::optional<double> share_read() const = 0;
};

/// A reader, or the sentence that says why there is none.
using OpenedEvents = tl::expected<std::unique_ptr<EventReader>, std::string>;

}  // namespace program
