#include "simulator/world.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "entitle/store/memory_store.hpp"
#include "entitle/store/sqlite_store.hpp"

#include "conformance/forwarding_store.hpp"
#include "property/random.hpp"
#include "store/cutting_proxy.hpp"
#include "store/faulty_vfs.hpp"
#include "store/postgres_place.hpp"
#include "store/scratch.hpp"

namespace simulator {

void World::threaten(int /*writer*/, Trouble /*trouble*/, std::uint64_t /*when*/) {}

bool World::is_over(int /*writer*/, Trouble /*trouble*/, const std::function<void()>& /*let_go*/) {
    return false;
}

namespace {

using store_contract::FaultyVfs;

/// Memory dies with its process: writers only come and go.
class MemoryWorld final : public World {
public:
    explicit MemoryWorld(std::uint64_t seed) : store_{{.hash_seed = seed | 1}} {}

    [[nodiscard]] std::unique_ptr<entitle::Store> open(int /*writer*/) override {
        return std::make_unique<conformance::ForwardingStore>(store_);
    }
    [[nodiscard]] static bool can(Trouble trouble) {
        return trouble == Trouble::restart || trouble == Trouble::twice;
    }

private:
    entitle::MemoryStore store_;
};

/// One file, and a disk that can stop at any call.
class SqliteWorld final : public World {
public:
    explicit SqliteWorld(std::uint64_t seed) : random_{seed} {
        vfs_.on_change = [] {};  // it is to know what was synced
    }

    [[nodiscard]] std::unique_ptr<entitle::Store> open(int /*writer*/) override {
        entitle::SqliteOptions options;
        options.vfs = vfs_.name();
        return entitle::SqliteStore::open(file(), options).value();
    }
    void threaten(int /*writer*/, Trouble trouble, std::uint64_t when) override {
        if (trouble == Trouble::dies_amid || trouble == Trouble::power) {
            vfs_.fail_at(when % calls, store_contract::Fault::io_error, true);
        }
    }
    [[nodiscard]] bool is_over(int /*writer*/, Trouble trouble,
                               const std::function<void()>& let_go) override {
        const bool dies =
            trouble == Trouble::dies || trouble == Trouble::dies_amid || trouble == Trouble::power;
        if (!dies) return false;
        vfs_.fail_at(0, store_contract::Fault::io_error, true);  // the dead write nothing
        leave(trouble == Trouble::power);
        let_go();
        vfs_.behave();
        ++life_;
        return true;
    }
    [[nodiscard]] static bool can(Trouble trouble) {
        return trouble != Trouble::cut && trouble != Trouble::overtaken;
    }

private:
    /// A command makes about so many calls to the disk.
    static constexpr std::uint64_t calls = 24;

    [[nodiscard]] std::string file(int later = 0) const {
        return scratch_.file(fmt::format("desk{}.db", life_ + later));
    }
    /// What is on the disk, in files of other names: those of the dead are still open.
    void leave(bool is_power_lost) {
        for (const std::string suffix : {"", "-wal"}) {
            if (is_power_lost) {
                const int mode = random_.below(4);
                const auto loses = [&] { return mode == 0 || (mode != 1 && random_.percent(50)); };
                const auto bytes = vfs_.after_power_loss(file() + suffix, loses);
                if (bytes) write(file(1) + suffix, *bytes);
            } else if (std::filesystem::exists(file() + suffix)) {
                std::filesystem::copy_file(file() + suffix, file(1) + suffix);
            }
            if (std::filesystem::exists(file(1) + suffix)) vfs_.synced(file(1) + suffix);
        }
    }
    static void write(const std::string& path, const std::string& bytes) {
        std::ofstream{path, std::ios::binary}.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }

    entitle_property::Random random_;
    store_contract::Scratch scratch_;
    FaultyVfs vfs_{"entitle_simulated"};
    int life_ = 0;
};

/// One server; each writer's connection can break.
class PostgresWorld final : public World {
public:
    explicit PostgresWorld(std::uint64_t /*seed*/) {}

    [[nodiscard]] std::unique_ptr<entitle::Store> open(int writer) override {
        std::string text =
            store_contract::conninfo_of(scratch_.file("desk")) + " host=" + proxy(writer).folder();
        // Whoever overtakes a writer that has locked what it works on would wait for it forever.
        const std::string option = "options='";
        text.insert(text.find(option) + option.size(), "-c lock_timeout=50 ");
        return entitle::PostgresStore::connect(text).value();
    }
    void threaten(int writer, Trouble trouble, std::uint64_t when) override {
        if (trouble != Trouble::cut) return;
        const auto bytes = static_cast<std::int64_t>(when / 2) + 1;
        if (when % 2 == 0) proxy(writer).cut_after(bytes, 0);
        else proxy(writer).cut_after(0, bytes);
    }
    [[nodiscard]] bool is_over(int writer, Trouble trouble, const std::function<void()>& let_go) override {
        proxy(writer).cut_after(0, 0);
        if (trouble == Trouble::dies) let_go();
        return trouble == Trouble::dies;
    }
    [[nodiscard]] static bool can(Trouble trouble) {
        return trouble != Trouble::dies_amid && trouble != Trouble::power;
    }

private:
    [[nodiscard]] store_contract::CuttingProxy& proxy(int writer) {
        auto& one = proxies_.at(static_cast<std::size_t>(writer));
        if (!one) one.emplace(store_contract::PostgresServer::shared().folder());
        return *one;
    }

    store_contract::Scratch scratch_;
    std::array<std::optional<store_contract::CuttingProxy>, 3> proxies_;
};

template <class Sort>
std::unique_ptr<World> made(std::uint64_t seed) {
    return std::make_unique<Sort>(seed);
}

}  // namespace

const std::vector<WorldSort>& world_sorts() {
    static const std::vector<WorldSort> sorts{
        {"memory", made<MemoryWorld>, MemoryWorld::can, 800},
        {"sqlite", made<SqliteWorld>, SqliteWorld::can, 60},
        {"postgres", made<PostgresWorld>, PostgresWorld::can, 30},
    };
    return sorts;
}

}  // namespace simulator
