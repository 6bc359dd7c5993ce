#include "postgres_server.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace store_contract {

namespace {

/// Where Debian keeps each version's programs, the newest first; elsewhere they are on the path.
[[nodiscard]] std::string programs() {
    std::vector<int> versions;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator{"/usr/lib/postgresql", ignored}) {
        versions.push_back(std::atoi(entry.path().filename().c_str()));
    }
    const auto newest = std::max_element(versions.begin(), versions.end());
    return newest == versions.end() ? "" : "/usr/lib/postgresql/" + std::to_string(*newest) + "/bin/";
}

}  // namespace

PostgresServer::PostgresServer(bool durable) : durable_{durable}, user_{geteuid()}, group_{getegid()} {
    if (user_ == 0) {
        const passwd* postgres = getpwnam("postgres");
        if (postgres == nullptr) throw std::runtime_error{"no user postgres to run the server as"};
        user_ = postgres->pw_uid;
        group_ = postgres->pw_gid;
        if (chown(scratch_.file("").c_str(), user_, group_) != 0) throw std::runtime_error{"chown failed"};
    }
    run({program("initdb"), "-D", data_, "-U", "entitle", "--auth=trust", "--encoding=UTF8", "--locale=C",
         "--no-sync", "--no-instructions"});
    start();
}

PostgresServer::~PostgresServer() {
    try {
        stop(SIGINT);
    } catch (...) {
        // it goes with its folder
    }
}

PostgresServer& PostgresServer::shared() {
    static PostgresServer server;
    return server;
}

void PostgresServer::start() {
    const std::string waits = durable_ ? "on" : "off";
    server_ = spawn({program("postgres"), "-D", data_, "-k", scratch_.file(""), "-c",
                     "listen_addresses=", "-c", "fsync=" + waits, "-c", "full_page_writes=" + waits, "-c",
                     durable_ ? "shared_buffers=256MB" : "shared_buffers=32MB", "-c", "max_connections=100",
                     "-c", "deadlock_timeout=200ms"});
    wait_until_ready();
}

void PostgresServer::wait_until_ready() const {
    const std::string conninfo = this->conninfo();
    for (int attempt = 0; PQping(conninfo.c_str()) != PQPING_OK; ++attempt) {
        if (attempt == 1500) throw std::runtime_error{"the server does not start"};
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

void PostgresServer::stop(int signal) {
    if (server_ == 0) return;
    kill(server_, signal);
    waitpid(server_, nullptr, 0);
    server_ = 0;
}

void PostgresServer::kill_one() const {
    const std::string pid = PostgresConnection{conninfo()}.value(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'entitle' ORDER BY random() LIMIT 1");
    if (!pid.empty()) kill(std::stoi(pid), SIGKILL);
}

std::string PostgresServer::conninfo() const {
    return "host=" + scratch_.file("") + " user=entitle dbname=postgres";
}

std::string PostgresServer::conninfo(const std::string& schema) const {
    PostgresConnection{conninfo()}.run("CREATE SCHEMA IF NOT EXISTS \"" + schema + "\"");
    return conninfo() + " options='-c search_path=" + schema + "'";
}

std::string PostgresServer::program(const std::string& name) const { return programs() + name; }

/// The child is stopped with this process, however that ends.
pid_t PostgresServer::spawn(const std::vector<std::string>& words) const {
    std::vector<char*> arguments;
    std::vector<std::string> copies = words;
    for (std::string& word : copies) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error{"fork failed"};
    if (child != 0) return child;
    const int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, 0);
    dup2(nowhere, 1);
    dup2(nowhere, 2);
    if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(group_) != 0 || setuid(user_) != 0))
        _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (chdir("/") == 0) execvp(arguments[0], arguments.data());
    _exit(127);
}

void PostgresServer::run(const std::vector<std::string>& words) const {
    int status = 0;
    const pid_t child = spawn(words);
    if (waitpid(child, &status, 0) != child || status != 0) throw std::runtime_error{words[0] + " failed"};
}

PostgresConnection::PostgresConnection(const std::string& conninfo) : handle_{PQconnectdb(conninfo.c_str())} {
    if (PQstatus(handle_) != CONNECTION_OK) throw std::runtime_error{PQerrorMessage(handle_)};
    PQsetNoticeReceiver(
        handle_, [](void*, const PGresult*) {}, nullptr);
}

void PostgresConnection::run(const std::string& sql) const { (void)value(sql); }

std::string PostgresConnection::value(const std::string& sql) const {
    PGresult* result = PQexec(handle_, sql.c_str());
    const ExecStatusType status = PQresultStatus(result);
    const bool is_right = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    const std::string value = is_right && PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
    PQclear(result);
    if (!is_right) throw std::runtime_error{sql + ": " + PQerrorMessage(handle_)};
    return value;
}

}  // namespace store_contract
