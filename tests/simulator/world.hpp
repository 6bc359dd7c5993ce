#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string_view>
#include <vector>

#include "entitle/store/store.hpp"

#include "simulator/step.hpp"

namespace simulator {

/// Where writers meet: a store in memory, a file, a server.
class World {
public:
    World() = default;
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    virtual ~World() = default;

    /// A writer's own store on it.
    [[nodiscard]] virtual std::unique_ptr<entitle::Store> open(int writer) = 0;
    /// Trouble is to come with what the writer does next.
    virtual void threaten(int writer, Trouble trouble, std::uint64_t when);
    /// … and is over; whether all writers have died of it, and are to be opened anew. What they had open is let go by
    /// `let_go`, without anything being written.
    [[nodiscard]] virtual bool is_over(int writer, Trouble trouble, const std::function<void()>& let_go);
};

/// A sort of world.
struct WorldSort {
    std::string_view name;
    std::unique_ptr<World> (*make)(std::uint64_t seed);
    bool (*can)(Trouble);
    std::uint64_t histories;  ///< of a test, before scaling

    friend void PrintTo(const WorldSort& sort, std::ostream* out) { *out << sort.name; }
};

/// Memory, SQLite, PostgreSQL.
[[nodiscard]] const std::vector<WorldSort>& world_sorts();

}  // namespace simulator
