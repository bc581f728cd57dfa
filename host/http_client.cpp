// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/http_client.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <curl/curl.h>
#include <mutex>

namespace nearfab {

struct HttpClient::State {
    HttpClientOptions options;
    std::string origin;  // Scheme, host and port, as they begin every address asked.
    CURL* easy = nullptr;
    std::atomic<bool> interrupted{false};
    std::atomic<bool> way_wanted{false};

    ~State() { curl_easy_cleanup(easy); }
};

namespace {

constexpr long redirects_max = 3;
constexpr long slowest_bytes_per_s = 1000;

// What libcurl writes into while one question is under way.
struct Exchange {
    const std::atomic<bool>* interrupted = nullptr;
    const std::atomic<bool>* way_wanted = nullptr;  // Null: it makes no way.
    std::span<const std::uint8_t> body;
    std::size_t body_sent = 0;
    std::size_t answer_bytes_max = 0;
    bool too_large = false;
    HttpAnswer answer;
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* to) {
    auto& exchange = *static_cast<Exchange*>(to);
    const std::size_t length = size * count;
    if (exchange.answer.body.size() + length > exchange.answer_bytes_max) {
        exchange.too_large = true;
        return 0;
    }
    exchange.answer.body.append(bytes, length);
    return length;
}

std::size_t give_body(char* to, std::size_t size, std::size_t count, void* from) {
    auto& exchange = *static_cast<Exchange*>(from);
    const std::size_t left = exchange.body.size() - exchange.body_sent;
    const std::size_t length = std::min(size * count, left);
    std::copy_n(exchange.body.begin() + static_cast<std::ptrdiff_t>(exchange.body_sent),
                length,
                reinterpret_cast<std::uint8_t*>(to));
    exchange.body_sent += length;
    return length;
}

// A digest question is sent twice: the body starts again.
int rewind_body(void* from, curl_off_t offset, int origin) {
    auto& exchange = *static_cast<Exchange*>(from);
    if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
    if (static_cast<std::size_t>(offset) > exchange.body.size()) return CURL_SEEKFUNC_FAIL;
    exchange.body_sent = static_cast<std::size_t>(offset);
    return CURL_SEEKFUNC_OK;
}

int go_on(void* from, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const auto& exchange = *static_cast<Exchange*>(from);
    const bool makes_way = exchange.way_wanted != nullptr && exchange.way_wanted->load();
    return exchange.interrupted->load() || makes_way ? 1 : 0;
}

struct SlistFree {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, SlistFree>;
struct MimeFree {
    void operator()(curl_mime* form) const { curl_mime_free(form); }
};
using Form = std::unique_ptr<curl_mime, MimeFree>;

void add_header(HeaderList& list, const std::string& name, const std::string& value) {
    // An empty value takes a header of libcurl away.
    const std::string line = name + (value.empty() ? ":" : ": " + value);
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) return;
    (void)list.release();
    list.reset(longer);
}

HeaderList headers_of(const HttpClientOptions& options, const HttpRequest& request) {
    HeaderList list;
    for (const auto& [name, value] : options.headers)
        add_header(list, name, value);
    for (const auto& [name, value] : request.headers)
        add_header(list, name, value);
    return list;
}

Form form_of(CURL* easy, const HttpRequest& request) {
    Form form{curl_mime_init(easy)};
    for (const HttpPart& part : request.form) {
        curl_mimepart* to = curl_mime_addpart(form.get());
        curl_mime_name(to, part.name.c_str());
        if (!part.file_name.empty()) curl_mime_filename(to, part.file_name.c_str());
        curl_mime_data(to, reinterpret_cast<const char*>(part.bytes.data()), part.bytes.size());
    }
    return form;
}

bool never_sent(CURLcode code) {
    return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
           code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR;
}

bool distrusted(CURLcode code) {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
           code == CURLE_SSL_ISSUER_ERROR;
}

Error error_of(CURLcode code, CURL* easy, const HttpClientOptions& options, const Exchange& e) {
    const std::string where = options.base_url;
    curl_off_t connected_us = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
    if (e.too_large) {
        return {ErrorCode::too_large,
                where + " answers with more than " + std::to_string(e.answer_bytes_max) + " bytes",
                "check that it is the machine's own address"};
    }
    if (distrusted(code)) {
        return {ErrorCode::unauthorised,
                "the certificate of " + where + " is not to be trusted (" +
                    curl_easy_strerror(code) + ")",
                "give its authority with ca_file, or use the name that the certificate is for"};
    }
    if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY) {
        return {ErrorCode::malformed,
                where + " does not speak HTTP (" + curl_easy_strerror(code) + ")",
                "check address and port"};
    }
    if (never_sent(code) || (code == CURLE_OPERATION_TIMEDOUT && connected_us == 0)) {
        return {ErrorCode::unavailable,
                where + " cannot be reached (" + curl_easy_strerror(code) + ")",
                "check that it is switched on and that the address is right"};
    }
    return {ErrorCode::timed_out,
            where + " did not answer in full (" + curl_easy_strerror(code) + ")",
            "look at the machine; it may have done what it was asked"};
}

bool is_address(const std::string& url) {
    return url.starts_with("http://") || url.starts_with("https://");
}

// "https://host:8443" of "https://host:8443/octoprint".
std::string origin_of(const std::string& url) {
    const std::size_t host = url.find("://") + 3;
    return url.substr(0, url.find('/', host));
}

void set_fixed_options(CURL* easy, const HttpClientOptions& options) {
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");  // Machines are in the fab's own network.
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
    curl_easy_setopt(
        easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_limit.count()));
    if (options.ca_file) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file->c_str());
    if (options.digest) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
        curl_easy_setopt(easy, CURLOPT_USERNAME, options.digest->first.c_str());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, options.digest->second.c_str());
    }
}

void set_limits(CURL* easy, const HttpRequest& request) {
    if (request.stall_limit) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*request.stall_limit).count();
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, slowest_bytes_per_s);
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(seconds));
        return;
    }
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.limit.count()));
}

void set_exchange(CURL* easy, Exchange& exchange) {
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &go_on);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &exchange);
}

void set_body(CURL* easy, const HttpRequest& request, const Form& form, Exchange& exchange) {
    if (!request.form.empty()) {
        curl_easy_setopt(easy, CURLOPT_MIMEPOST, form.get());
    } else if (request.method == "POST") {
        // Also when it is empty: without a length some servers refuse it.
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(
            easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, &give_body);
        curl_easy_setopt(easy, CURLOPT_READDATA, &exchange);
    } else if (request.method == "PUT") {
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(
            easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, &give_body);
        curl_easy_setopt(easy, CURLOPT_READDATA, &exchange);
    }
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &rewind_body);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, &exchange);
    if (request.method == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    // On a connection that was used before, libcurl sends a question again when no answer comes.
    // What changes something may be asked once only.
    const bool changes = request.method != "GET" && request.method != "HEAD";
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, changes ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 307 || status == 308;
}

}  // namespace

HttpClient::HttpClient(std::unique_ptr<State> state) : state_{std::move(state)} {}
HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::open(HttpClientOptions options) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    while (options.base_url.ends_with('/'))
        options.base_url.pop_back();
    if (!is_address(options.base_url) ||
        options.base_url.find_first_of(" ?#@") != std::string::npos) {
        return fail(ErrorCode::invalid_argument,
                    "\"" + options.base_url + "\" is no address of a machine",
                    "write http://HOST, http://HOST:PORT or https://HOST, without user and query");
    }
    auto state = std::make_unique<State>();
    state->easy = curl_easy_init();
    if (state->easy == nullptr) return fail(ErrorCode::internal, "libcurl cannot be used");
    state->origin = origin_of(options.base_url);
    state->options = std::move(options);
    return std::unique_ptr<HttpClient>{new HttpClient{std::move(state)}};
}

const std::string& HttpClient::base_url() const {
    return state_->options.base_url;
}

void HttpClient::interrupt() {
    state_->interrupted = true;
}

void HttpClient::make_way(bool wanted) {
    state_->way_wanted = wanted;
}

Result<HttpAnswer> HttpClient::ask(const HttpRequest& request) {
    if (state_->interrupted) return fail(ErrorCode::unavailable, "the agent is stopping");
    if (request.makes_way && state_->way_wanted) {
        return fail(ErrorCode::unavailable, "something urgent goes before it");
    }
    std::string url = state_->options.base_url + request.target;
    for (long i = 0; i <= redirects_max; ++i) {
        CURL* easy = state_->easy;
        curl_easy_reset(easy);  // Keeps the connection.
        Exchange exchange;
        exchange.interrupted = &state_->interrupted;
        if (request.makes_way) exchange.way_wanted = &state_->way_wanted;
        exchange.body = request.body;
        exchange.answer_bytes_max = request.answer_bytes_max;
        const HeaderList headers = headers_of(state_->options, request);
        const Form form = request.form.empty() ? Form{} : form_of(easy, request);
        set_fixed_options(easy, state_->options);
        set_limits(easy, request);
        set_exchange(easy, exchange);
        set_body(easy, request, form, exchange);
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
        if (const CURLcode code = curl_easy_perform(easy); code != CURLE_OK) {
            return fail(error_of(code, easy, state_->options, exchange));
        }
        long status = 0;
        const char* text = nullptr;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        exchange.answer.status = static_cast<int>(status);
        curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &text);
        if (text != nullptr) exchange.answer.content_type = text;
        text = nullptr;
        curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &text);  // Made absolute by libcurl.
        if (text != nullptr) exchange.answer.location = text;
        if (!is_redirect(exchange.answer.status)) {
            // Of something that was made, as the server wrote it.
            curl_header* location = nullptr;
            const bool there =
                curl_easy_header(easy, "Location", 0, CURLH_HEADER, -1, &location) == CURLHE_OK;
            if (there) exchange.answer.location = location->value;
            return std::move(exchange.answer);
        }
        if (origin_of(exchange.answer.location) != state_->origin) {
            return fail(ErrorCode::unauthorised,
                        state_->options.base_url + " sends us on to " + exchange.answer.location +
                            ", which would get this machine's key",
                        "write the address of the machine itself");
        }
        url = exchange.answer.location;
    }
    return fail(ErrorCode::malformed, state_->options.base_url + " sends us round in circles");
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 0x0FU];
        }
    }
    return out;
}

std::string percent_encoded_path(std::string_view path) {
    std::string out;
    while (true) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        out += percent_encoded(path.substr(0, slash));
        if (slash == path.size()) return out;
        out += '/';
        path.remove_prefix(slash + 1);
    }
}

}  // namespace nearfab
