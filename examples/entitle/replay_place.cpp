#include "replay_place.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <entitle/store/memory_store.hpp>

#include "fault.hpp"
#include "host/session.hpp"
#include "store_place.hpp"

namespace program {

namespace {

using MadePlace = tl::expected<std::unique_ptr<ReplayPlace>, std::string>;

class MemoryPlace final : public ReplayPlace {
public:
    [[nodiscard]] entitle::Store& store() override { return store_; }
    [[nodiscard]] KeyKeeper* keeper() override { return nullptr; }
    void take(const Row& /*row*/, const Answer& /*answer*/) override {}
    void finish() override {}
    void abandon() override {}
    [[nodiscard]] std::string failure() const override { return {}; }

private:
    entitle::MemoryStore store_;
};

/// Of all that is written, the first failure is kept: what comes after it is not looked at.
class DeskPlace final : public ReplayPlace, public KeyKeeper {
public:
    /// `file`: of a new desk; empty where a database keeps it.
    DeskPlace(std::unique_ptr<Session> session, std::string file)
        : session_{std::move(session)}, file_{std::move(file)} {}

    /// Whoever stops the replay from now on leaves a desk behind.
    [[nodiscard]] Done begin() { return file_.empty() ? Done{} : session_->commit_and_go_on(); }

    [[nodiscard]] entitle::Store& store() override { return session_->store(); }
    [[nodiscard]] KeyKeeper* keeper() override { return this; }
    void take(const Row& row, const Answer& answer) override;
    void finish() override {
        if (!failure_) note(session_->commit_and_go_on());
    }
    void abandon() override {
        session_.reset();
        if (file_.empty()) return;
        std::error_code error;
        for (const char* part : {"", "-wal", "-shm", "-journal"})
            std::filesystem::remove(file_ + part, error);
    }
    [[nodiscard]] std::string failure() const override {
        return failure_ ? failure_->sentence : std::string{};
    }

    void keep(std::string_view key, entitle::CustomerId id) override { name(key, id); }
    void keep(std::string_view key, entitle::ContactId id) override { name(key, id); }
    void keep(std::string_view key, entitle::ProductId id) override { name(key, id); }
    void keep(std::string_view key, entitle::AssetId id) override { name(key, id); }
    void keep(std::string_view key, entitle::CaseTypeId id) override { name(key, id); }
    void keep(std::string_view key, entitle::TemplateId id) override { name(key, id); }
    void keep(std::string_view key, entitle::SlaId id) override { name(key, id); }
    void keep(std::string_view key, entitle::EntitlementId id, entitle::CustomerId owner) override {
        name(key, id, owner);
    }
    void keep(std::string_view key, entitle::CaseId id, entitle::CustomerId owner) override {
        name(key, id, owner);
    }
    void keep(std::string_view key, entitle::PurchaseId id, entitle::CustomerId owner) override {
        name(key, id, owner);
    }
    void drop_case(std::string_view key) override {
        if (failure_) return;
        const auto known = session_->keys().find<entitle::CaseId>(key);
        if (!known) return void(failure_ = known.error());
        if (*known) note(session_->keys().drop((*known)->id));
    }

private:
    template <class Id>
    void name(std::string_view key, Id id, entitle::CustomerId owner = {}) {
        if (!failure_) note(session_->keys().name(id, key, owner));
    }
    void note(const Done& done) {
        if (!done) failure_ = done.error();
    }

    std::unique_ptr<Session> session_;
    std::string file_;
    std::optional<Failure> failure_;
    std::uint64_t taken_ = 0;
};

void DeskPlace::take(const Row& row, const Answer& answer) {
    constexpr std::uint64_t together = 1000;
    if (!answer.is_ok() && !row.bad && row.at && !failure_) {
        note(session_->note("replay", {*row.at, std::string{answer.outcome}, std::string{answer.reason}}));
    }
    if (++taken_ % together == 0 && !failure_) note(session_->commit_and_go_on());
}

/// A database may have the library's tables, from another host of it.
[[nodiscard]] bool has_entitlements(Session& session) {
    std::vector<entitle::Entitlement> there;
    for (entitle::Cursor cursor; !cursor.done && there.empty();) {
        if (!session.store().scan({}, cursor, there)) return true;
    }
    return !there.empty();
}

}  // namespace

MadePlace ReplayPlace::make(const std::string& place, const entitle::Policy& policy) {
    const auto is_there = [] {
        return tl::unexpected<std::string>{"a desk is there already, and is not added to"};
    };
    if (place.empty()) return std::make_unique<MemoryPlace>();
    std::error_code error;
    if (!is_database(place) && std::filesystem::exists(place, error)) {
        return tl::unexpected<std::string>{
            sentence_of(entitle::refuse(entitle::ErrorCode::file_exists).value())};
    }
    auto session = Session::make(Common{.store = place, .at = {}, .request = {}, .actor = {}}, policy);
    if (!session && session.error().code == "desk_exists") return is_there();
    if (!session) return tl::unexpected<std::string>{session.error().sentence};
    if (has_entitlements(**session)) return is_there();
    auto made = std::make_unique<DeskPlace>(std::move(*session), is_database(place) ? std::string{} : place);
    if (auto begun = made->begin(); !begun) return tl::unexpected<std::string>{begun.error().sentence};
    return made;
}

}  // namespace program
