#include "desk_fixture.hpp"

#include <atomic>

#include <unistd.h>

#include "store/postgres_server.hpp"

namespace program_test {

namespace {

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < line.size();) {
        if (line[at] == ' ') {
            ++at;
            continue;
        }
        const bool is_quoted = line[at] == '\'';
        const std::size_t begin = at + (is_quoted ? 1 : 0);
        const std::size_t end = std::min(line.find(is_quoted ? '\'' : ' ', begin), line.size());
        words.emplace_back(line.substr(begin, end - begin));
        at = end + 1;
    }
    return words;
}

/// A schema of its own on the server that tests share.
std::string new_database() {
    static std::atomic<int> count{0};
    const std::string schema = "desk_" + std::to_string(getpid()) + "_" + std::to_string(++count);
    const auto& server = store_contract::PostgresServer::shared();
    (void)server.conninfo(schema);
    return "postgresql:///postgres?user=entitle&host=" + server.folder() + "&options=-csearch_path%3D" +
           schema;
}

}  // namespace

OnEachStore::OnEachStore()
    : place_{std::string_view{GetParam()} == "postgres" ? new_database() : path_of("desk.db")} {}

Ran OnEachStore::desk(std::string_view line, std::string_view at) const {
    std::vector<std::string> words = words_of(line);
    words.insert(words.end(), {"--store", place_, "--at", std::string{at}});
    return entitle(words);
}

std::string OnEachStore::done(std::string_view line, std::string_view at) const {
    const Ran ran = desk(line, at);
    EXPECT_EQ(ran.status, 0) << line << "\n" << ran.err;
    EXPECT_EQ(ran.err, "") << line;
    return ran.out;
}

std::string OnEachStore::refused(std::string_view line, int status) const {
    const Ran ran = desk(line);
    EXPECT_EQ(ran.status, status) << line << "\n" << ran.err;
    EXPECT_EQ(ran.out, "") << line;
    return ran.err;
}

void OnEachStore::make_desk(std::string_view init) const {
    done(init);
    done("customer add Lumen Harbour");
    done(
        "entitlement add E --customer Lumen --name 'Support by the case' --from 2014-01-01 --to 2014-12-31 "
        "--cases 5 --restrict --channel phone=2 --channel email=4 --activate");
}

}  // namespace program_test
