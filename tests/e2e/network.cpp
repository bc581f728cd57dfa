// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/e2e/network.hpp"

#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <netinet/in.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace nearfab::e2e {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path programs{tests::program_folder()};
const fs::path source{tests::source_folder()};

// A port that nobody uses now. The router could lose a race for it; then it says so and ends.
std::uint16_t free_port() {
    const int file = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(file, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(file, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error{"no free port"};
    }
    ::close(file);
    return ntohs(address.sin_port);
}

std::string text_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
}

std::string profile_of(const FabPlan& plan) {
    const bool small = plan.envelope == "[180, 180, 180]";
    const std::string printer = small ? "small_printer.ini" : "large_printer.ini";
    const std::string name = plan.profile.empty() ? printer : plan.profile;
    return (source / "examples/profiles" / name).string();
}

}  // namespace

bool can_slice() {
    if (fs::exists("/usr/bin/prusa-slicer")) return true;
    WARN("skipped: prusa-slicer is not installed (scripts/setup installs it)");
    return false;
}

Network::Network(const std::vector<FabPlan>& plans, std::optional<std::string> http)
    : endpoint_{"tcp://127.0.0.1:" + std::to_string(free_port())} {
    std::string pattern = "/tmp/nearfab-e2e-XXXXXX";  // Short: socket paths are limited.
    folder_ = ::mkdtemp(pattern.data());
    router_key_ = make_key("router");
    std::string allowed = "client ada " + make_key("ada") + "\n";
    for (const std::string who : {"olga", "eve"})
        allowed += "operator " + who + " " + make_key(who) + "\n";
    for (const FabPlan& plan : plans)
        allowed += "agent " + plan.name + " " + make_key(plan.name) + "\n";
    write("allowed_keys", allowed);
    std::string http_table;
    if (http) {
        http_port_ = free_port();
        http_table = "[http]\nlisten = \"127.0.0.1:" + std::to_string(http_port_) +
                     "\"\ntokens = \"tokens\"\n" + *http;
    }
    write("router.toml",
          "[router]\nname = \"test\"\nendpoint = \"" + endpoint_ +
              "\"\nkey_file = \"router.key\"\nallowed_keys = \"allowed_keys\"\n"
              "state_directory = \"router\"\n[timing]\noffer_s = 3\noffer_by_hand_s = 60\n" +
              http_table);
    if (http) {
        for (const char* designer : {"ada", "bob"})
            tokens_[designer] = make_token(designer, {"--role", "designer"});
        tokens_["screen"] = make_token("screen", {"--role", "read_only"});
        tokens_["root"] = make_token("root", {"--role", "admin"});
        for (const FabPlan& plan : plans) {
            tokens_[plan.name] = make_token(plan.name, {"--role", "operator", "--fabs", plan.name});
        }
    }
    for (const FabPlan& plan : plans) {
        std::ostringstream text;
        text
            << "[agent]\ntitle = \"" << plan.name << "\"\nplace = \"" << plan.place
            << "\"\nstate_directory = \"" << plan.name << "\"\ncontrol_socket = \"" << plan.name
            << ".sock\"\n[router]\nendpoint = \"" << endpoint_ << "\"\npublic_key = \""
            << router_key_ << "\"\nkey_file = \"" << plan.name << ".key\"\n"
            << "[intervals]\nadvert_s = 2\ninventory_s = 2\nprogress_s = 0.2\npoll_s = 0.05\n"
            << "start_answer_s = 1\nstart_retry_s = 0.5\nevidence_grace_s = 1\n"
            << plan.figures << "\n[operators]\nthrough_router = " << plan.operators
            << "\n[[machine]]\n"
            << (plan.presence_code.empty() ? ""
                                           : "presence_code = \"" + plan.presence_code + "\"\n")
            << plan.power << "\npieces_per_plate = " << plan.pieces_per_plate
            << "\nid = \"p1\"\nprocess = \"" << plan.process
            << "\"\nenvelope_mm = " << plan.envelope << "\nmaterials = " << plan.materials
            << "\nmin_feature_mm = 0.4\ntolerance_mm = 0.2\nbuild_rate_cm3_per_h = 15\nprofile = \""
            << profile_of(plan) << "\"\nacceptance = \"" << plan.acceptance
            << "\"\ndriver = {kind = \"simulated\", directory = \"" << plan.name
            << "-p1\", bed_clear_at_first_start = " << (plan.bed_clear ? "true" : "false")
            << ", speed = " << plan.speed << "}\n";
        write(plan.name + ".toml", text.str());
    }
    start_router();
    for (const FabPlan& plan : plans)
        start_fab(plan.name);
    const bool all_there = until([&] {
        const Outcome outcome = nearfab({"fabs", "--json"});
        if (outcome.exit_code != 0) return false;
        std::size_t ready = 0;
        const json answer = json::parse(outcome.out);
        for (const auto& fab : answer.at("fabs")) {
            if (!fab.at("connected").get<bool>()) continue;
            // An agent may be here before the first look at its machine.
            for (const auto& machine : fab.at("machines"))
                ready += machine.at("state") != "offline" ? 1U : 0U;
        }
        return ready == plans.size();
    });
    INFO(log_of("router"));
    for (const FabPlan& plan : plans)
        UNSCOPED_INFO(log_of(plan.name));
    REQUIRE(all_there);
}

Network::~Network() {
    fabs.clear();
    router.kill();
    std::error_code ignored;  // A folder left in /tmp is no reason to fail a test.
    fs::remove_all(folder_, ignored);
}

void Network::write(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name} << text;
}

std::string Network::make_key(const std::string& name) const {
    const Outcome made = run({(programs / "nearfab").string(),
                              "keygen",
                              "--json",
                              "--out",
                              (folder_ / (name + ".key")).string()},
                             environment());
    INFO(made.err);
    REQUIRE(made.exit_code == 0);
    return json::parse(made.out).at("public_key");
}

std::string Network::make_token(const std::string& name, std::vector<std::string> words) const {
    words.insert(words.begin(),
                 {(programs / "nearfab-router").string(),
                  "--config",
                  (folder_ / "router.toml").string(),
                  "token",
                  "--add",
                  "--name",
                  name});
    const Outcome made = run(words, environment());
    INFO(made.err);
    REQUIRE(made.exit_code == 0);
    return made.out.substr(0, made.out.find('\n'));
}

Environment Network::environment() const {
    const std::string home = folder_.string();
    Environment variables{{"HOME", home},
                          {"PATH", "/usr/bin:/bin"},
                          {"XDG_CONFIG_HOME", home + "/config"},
                          {"XDG_STATE_HOME", home + "/state"},
                          {"XDG_RUNTIME_DIR", home},
                          {"NEARFAB_ROUTER", endpoint_},
                          {"NEARFAB_ROUTER_KEY", router_key_},
                          {"NEARFAB_KEY_FILE", home + "/ada.key"}};
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
        if (const char* value = std::getenv(name)) variables[name] = value;
    }
    return variables;
}

void Network::start_router() {
    std::vector<std::string> words = router_under;
    words.insert(
        words.end(),
        {(programs / "nearfab-router").string(), "--config", (folder_ / "router.toml").string()});
    words.insert(words.end(), more_words.begin(), more_words.end());
    router = RunningProgram{words, environment(), folder_ / "router.log"};
}

void Network::start_fab(const std::string& name) {
    std::vector<std::string> words{
        (programs / "nearfab-agent").string(), "--config", (folder_ / (name + ".toml")).string()};
    words.insert(words.end(), more_words.begin(), more_words.end());
    fabs[name] = RunningProgram{words, environment(), folder_ / (name + ".log")};
}

Outcome Network::nearfab(std::vector<std::string> words) const {
    words.insert(words.begin(), (programs / "nearfab").string());
    return run(words, environment());
}

Outcome Network::nearfab_as(const std::string& who, std::vector<std::string> words) const {
    words.insert(words.begin(), (programs / "nearfab").string());
    Environment variables = environment();
    variables["NEARFAB_KEY_FILE"] = (folder_ / (who + ".key")).string();
    return run(words, variables);
}

Outcome Network::operate(const std::string& fab, std::vector<std::string> words) const {
    words.insert(words.begin(), {(programs / "nearfab").string(), "fab"});
    words.insert(words.end(), {"--agent", "ipc://" + (folder_ / (fab + ".sock")).string()});
    return run(words, environment());
}

std::string Network::submit(const std::string& design, std::vector<std::string> more) const {
    const bool file = design.find('/') != std::string::npos;
    std::vector<std::string> words{
        "submit",
        (source / "examples/designs" /
         (file ? fs::path{design} : fs::path{design} / (design + ".stl")))
            .string(),
        "--at",
        "45.7500,4.8500",
        "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = nearfab(words);
    INFO(outcome.err);
    // 3: the job is there, but nobody can make it now.
    REQUIRE((outcome.exit_code == 0 || outcome.exit_code == 3));
    return json::parse(outcome.out).at("job");
}

json Network::job(const std::string& id) const {
    const Outcome outcome = nearfab({"status", id, "--json"});
    if (outcome.exit_code != 0) return {};
    return json::parse(outcome.out);
}

std::string Network::work_state(const std::string& id) const {
    const json status = job(id);
    if (!status.contains("work_orders") || status.at("work_orders").empty()) return "";
    return status.at("work_orders").at(0).at("state");
}

std::string Network::history(const std::string& id) const {
    const Outcome outcome = nearfab({"watch", id, "--json", "--timeout", "1s"});
    std::istringstream lines{outcome.out};
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        const json event = json::parse(line);
        if (event.value("type", "") == "event") text += event.at("text").get<std::string>() + "\n";
    }
    return text;
}

bool Network::until(const std::function<bool()>& is_so) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (std::chrono::steady_clock::now() < end) {
        if (is_so()) return true;
        // Not a synchronisation: only how often a real process is asked.
        std::this_thread::sleep_for(std::chrono::milliseconds{30});
    }
    return false;
}

bool Network::until_work_is(const std::string& id, const std::string& state) const {
    const bool reached = until([&] { return work_state(id) == state; });
    if (!reached) {
        UNSCOPED_INFO("job " << job(id).dump(2));
        UNSCOPED_INFO(log_of("router"));
        for (const auto& [name, program] : fabs)
            UNSCOPED_INFO(log_of(name));
    }
    return reached;
}

void Network::finish_at(const std::string& fab, const std::string& job_id) const {
    const Outcome good = operate(fab, {"inspect", job_id, "--good"});
    INFO(good.err);
    REQUIRE(good.exit_code == 0);
    REQUIRE(operate(fab, {"clear-bed", "p1"}).exit_code == 0);
    REQUIRE(operate(fab, {"hand-over", job_id}).exit_code == 0);
    REQUIRE(until([&] { return job(job_id).value("state", "") == "closed"; }));
}

void Network::order_machine(const std::string& fab, const std::string& order) const {
    std::ofstream{folder_ / (fab + "-p1") / "orders", std::ios::app} << order << "\n";
}

std::string Network::log_of(const std::string& program) const {
    return program + ":\n" + text_of(folder_ / (program + ".log"));
}

}  // namespace nearfab::e2e
