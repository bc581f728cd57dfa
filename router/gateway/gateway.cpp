// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/gateway.hpp"

#include "router/gateway/page_files.hpp"

#include <spdlog/spdlog.h>

#include <csignal>
#include <utility>

namespace nearfab::gateway {

Result<std::unique_ptr<Gateway>> Gateway::start(const Settings& settings, FrontDesk::Parts parts) {
    auto tokens = TokenList::load(settings.tokens);
    if (!tokens) return fail(tokens.error());
    auto server = Server::listen(settings);
    if (!server) return fail(server.error());
    if (tokens->size() == 0) {
        spdlog::warn(
            "http: {} holds no token, so nobody can use the API; make one with: "
            "nearfab-router token --role designer --name NAME --add",
            settings.tokens.string());
    }
    std::unique_ptr<Gateway> gateway{new Gateway{settings, std::move(*server)}};
    const int router_speaks = parts.clients.answers_descriptor();
    gateway->desk_ = std::make_unique<FrontDesk>(
        settings, std::move(parts), std::move(*tokens), gateway->server_->post());
    spdlog::info("http: listening on {}://{}{}{}:{}{}",
                 settings.encrypted() ? "https" : "http",
                 settings.address.find(':') == std::string::npos ? "" : "[",
                 settings.address,
                 settings.address.find(':') == std::string::npos ? "" : "]",
                 settings.port,
                 page_files().empty() ? " (without the web page)" : "");
    // Signals are for the router's loop.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    gateway->thread_ = std::thread{
        [g = gateway.get(), router_speaks] { g->server_->run(*g->desk_, router_speaks); }};
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return gateway;
}

Gateway::~Gateway() {
    server_->stop();
    if (thread_.joinable()) thread_.join();
    desk_.reset();
}

void Gateway::reload() {
    server_->post()([this] {
        auto tokens = TokenList::load(settings_.tokens);
        if (!tokens) {
            spdlog::error("http: the list of tokens was not read again: {}; {}",
                          tokens.error().message,
                          tokens.error().next);
        } else {
            spdlog::info("http: the list of tokens was read again: {} tokens", tokens->size());
            desk_->replace_tokens(std::move(*tokens));
        }
        if (const Status read = server_->reload_certificate(); !read) {
            spdlog::error("http: the certificate was not read again: {}; {}",
                          read.error().message,
                          read.error().next);
        }
    });
}

}  // namespace nearfab::gateway
