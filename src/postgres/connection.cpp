#include "connection.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include <fmt/format.h>
#include <poll.h>

namespace entitle::inline v0::postgres {

namespace {

/// Answers wait for their reader in the sockets' buffers: more of them than fit would stop both sides.
constexpr std::size_t in_one_go = 128;

void be_silent(void* /*nobody*/, const PGresult* /*notice*/) {}

/// Ten seconds at most: libpq's own limit holds only where it waits itself.
[[nodiscard]] bool wait_until_connected(PGconn* handle) {
    using std::chrono::steady_clock;
    const auto until = steady_clock::now() + std::chrono::seconds{10};
    PostgresPollingStatusType wanted =
        PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (wanted == PGRES_POLLING_READING || wanted == PGRES_POLLING_WRITING) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
        if (left.count() <= 0) return false;
        pollfd socket{PQsocket(handle),
                      static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
        (void)poll(&socket, 1, static_cast<int>(left.count()));
        wanted = PQconnectPoll(handle);
    }
    return wanted == PGRES_POLLING_OK;
}

/// Why there is no session. A server that is full, or not yet ready, may be later; that is told by its state, which
/// libpq puts at the end of its text and nowhere else.
[[nodiscard]] Code why_not(const PGconn* handle) {
    std::string_view text = PQerrorMessage(handle);
    while (text.ends_with('\n')) text.remove_suffix(1);
    const bool may_come = text.ends_with(" 53300") || text.ends_with(" 57P03");
    return may_come ? Code::lost : Code::unavailable;
}

[[nodiscard]] bool speaks_utf8(const PGconn* handle) {
    const auto is_utf8 = [handle](const char* side) {
        const char* encoding = PQparameterStatus(handle, side);
        return encoding != nullptr && std::string_view{encoding} == "UTF8";
    };
    return is_utf8("server_encoding") && is_utf8("client_encoding");
}

}  // namespace

Code Connection::connect(const Settings& settings) {
    close();
    // What stands before `dbname` is a default that the host's text may change; what stands behind it is not.
    // A network that falls silent is noticed within a minute, not when the kernel gives up.
    const std::array<const char*, 9> words{"fallback_application_name",
                                           "target_session_attrs",
                                           "keepalives_idle",
                                           "keepalives_interval",
                                           "keepalives_count",
                                           "tcp_user_timeout",
                                           "dbname",
                                           "client_encoding",
                                           nullptr};
    const std::array<const char*, 9> values{"entitle",
                                            settings.read_only ? "any" : "read-write",
                                            "30",
                                            "10",
                                            "3",
                                            "30000",
                                            settings.conninfo.c_str(),
                                            "UTF8",
                                            nullptr};
    handle_ = PQconnectStartParams(words.data(), values.data(), 1);
    owned_ = true;
    prepares_ = settings.prepares;
    if (handle_ == nullptr) return Code::memory;
    PQsetNoticeReceiver(handle_, be_silent, nullptr);  // from the first word on
    (void)PQsetErrorVerbosity(handle_, PQERRORS_SQLSTATE);
    if (!wait_until_connected(handle_)) return why_not(handle_);
    return speaks_utf8(handle_) ? Code::ok : Code::not_utf8;
}

Code Connection::borrow(PGconn* handle) {
    close();
    handle_ = handle;
    if (!is_up()) return Code::lost;
    return speaks_utf8(handle_) ? Code::ok : Code::not_utf8;
}

void Connection::leak() {
    handle_ = nullptr;
    names_.clear();
}

void Connection::close() {
    if (owned_) PQfinish(handle_);
    owned_ = false;
    leak();
}

Code Connection::code_of(const PGresult* result) const {
    if (!is_up()) return Code::lost;
    if (result == nullptr) return Code::memory;
    switch (PQresultStatus(result)) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
        case PGRES_PIPELINE_SYNC: return Code::ok;
        default: break;
    }
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    // On a connection of ours, that it only reads is the server's: a former primary. On the host's it is the host's.
    const bool only_reads = state != nullptr && std::string_view{state} == "25006";
    return only_reads && !owned_ ? Code::read_only : code_of_state(state);
}

Code Connection::run_script(Sql sql) {
    if (!is_up()) return Code::lost;
    PGresult* result = PQexec(handle_, sql.text());
    const Code code = code_of(result);
    PQclear(result);
    return code;
}

Code Connection::run(const Statement& statement) {
    std::vector<Rows> out;
    return run(std::span{&statement, 1}, out);
}

Code Connection::run(const Statement& statement, Rows& out) {
    std::vector<Rows> all;
    const Code code = run(std::span{&statement, 1}, all);
    if (code == Code::ok) out = std::move(all.front());
    return code;
}

Code Connection::run(std::span<const Statement> statements, std::vector<Rows>& out) {
    out.clear();
    while (!statements.empty()) {
        const std::size_t count = std::min(statements.size(), in_one_go);
        if (const Code code = run_some(statements.first(count), out); code != Code::ok) return code;
        statements = statements.subspan(count);
    }
    return Code::ok;
}

Code Connection::run_some(std::span<const Statement> statements, std::vector<Rows>& out) {
    if (!is_up()) return Code::lost;
    if (PQenterPipelineMode(handle_) != 1) return Code::failed;  // the host is in the middle of something
    struct Leaving {
        Connection& connection;
        ~Leaving() { connection.leave_pipeline(); }
    } const leaving{*this};
    std::vector<const char*> prepared;
    const bool sent = std::all_of(statements.begin(), statements.end(),
                                  [&](const Statement& one) { return send(one, prepared); });
    if (!sent || PQpipelineSync(handle_) != 1) return Code::lost;
    const Code code = receive_all(statements, prepared, out);
    if (!is_up()) return Code::lost;
    const Code finished = finish_pipeline();
    return code != Code::ok ? code : finished;
}

/// Sends a statement, which is prepared before where it is not yet.
bool Connection::send(const Statement& statement, std::vector<const char*>& prepared) {
    const auto arguments = statement.arguments();
    const int count = static_cast<int>(arguments.values.size());
    const bool prepares = prepares_ && count != 0;
    if (!prepares) {
        prepared.push_back(nullptr);
        return PQsendQueryParams(handle_, statement.sql().text(), count, nullptr, arguments.values.data(),
                                 arguments.lengths.data(), arguments.formats.data(), 1) == 1;
    }
    const auto found = names_.find(statement.sql().text());
    const bool is_new = found == names_.end();
    const std::string name =
        is_new ? fmt::format("entitle_{}", static_cast<const void*>(statement.sql().text())) : found->second;
    const bool again = std::find(prepared.begin(), prepared.end(), statement.sql().text()) != prepared.end();
    prepared.push_back(is_new && !again ? statement.sql().text() : nullptr);
    if (is_new && !again && PQsendPrepare(handle_, name.c_str(), statement.sql().text(), 0, nullptr) != 1)
        return false;
    return PQsendQueryPrepared(handle_, name.c_str(), count, arguments.values.data(),
                               arguments.lengths.data(), arguments.formats.data(), 1) == 1;
}

/// One command's answer, and the nothing that ends it.
Code Connection::receive(Rows* out) {
    PGresult* result = PQgetResult(handle_);
    const Code code = code_of(result);
    if (out != nullptr) *out = Rows{result};
    else PQclear(result);
    if (is_up()) PQclear(PQgetResult(handle_));
    return code;
}

Code Connection::receive_all(std::span<const Statement> statements, std::span<const char* const> prepared,
                             std::vector<Rows>& out) {
    Code first = Code::ok;
    const auto note = [&](Code code) {
        if (first == Code::ok) first = code;
        return code;
    };
    for (std::size_t i = 0; i < statements.size(); ++i) {
        if (prepared[i] != nullptr) {
            const Code code = note(receive(nullptr));
            if (code == Code::lost && !is_up()) return code;
            if (code == Code::ok)
                names_.emplace(prepared[i], fmt::format("entitle_{}", static_cast<const void*>(prepared[i])));
        }
        const Code code = note(receive(&out.emplace_back()));
        if (code == Code::lost && !is_up()) return code;
    }
    return first;
}

/// However a pipeline is left: what is still on its way must not be taken for the next one's answers. A connection of
/// ours is given up, and the server undoes what was open on it; the host's is read to the end.
void Connection::leave_pipeline() noexcept {
    if (handle_ == nullptr || PQpipelineStatus(handle_) == PQ_PIPELINE_OFF) return;
    if (owned_) return close();
    if (PQpipelineSync(handle_) != 1) return;
    while (is_up() && PQexitPipelineMode(handle_) != 1) PQclear(PQgetResult(handle_));
}

Code Connection::finish_pipeline() {
    PGresult* synced = PQgetResult(handle_);
    const bool is_synced = synced != nullptr && PQresultStatus(synced) == PGRES_PIPELINE_SYNC;
    PQclear(synced);
    if (!is_synced || PQexitPipelineMode(handle_) != 1) return Code::lost;
    return Code::ok;
}

}  // namespace entitle::inline v0::postgres
