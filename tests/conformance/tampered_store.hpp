#pragma once

#include <functional>
#include <vector>

#include "forwarding_store.hpp"

namespace conformance {

/// Shows what a store holds as somebody changed it behind the engine's back.
class TamperedStore : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;

    template <class T>
    using Tamper = std::function<void(std::vector<T>&)>;
    Tamper<entitle::Entry> entries = [](auto&) {};
    Tamper<Entitlement> entitlements = [](auto&) {};
    Tamper<SupportCase> cases = [](auto&) {};
    Tamper<Seal> heads = [](auto&) {};

    using ForwardingStore::scan;
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<entitle::Entry>& out) const override {
        return shown(filter, cursor, out, entries);
    }
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<Entitlement>& out) const override {
        return shown(filter, cursor, out, entitlements);
    }
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<SupportCase>& out) const override {
        return shown(filter, cursor, out, cases);
    }
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<Seal>& out) const override {
        return shown(filter, cursor, out, heads);
    }

private:
    template <class T>
    [[nodiscard]] Result<void> shown(const Filter& filter, Cursor& cursor, std::vector<T>& out,
                                     const Tamper<T>& tamper) const {
        auto scanned = ForwardingStore::scan(filter, cursor, out);
        if (scanned && cursor.done && !out.empty()) tamper(out);
        return scanned;
    }
};

}  // namespace conformance
