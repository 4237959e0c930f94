// The bare transfer that preflight is measured against: the pages of one or more lists, one after
// the other, identity-encoded, over one connection, bodies discarded. Nothing of ours is used, so
// that the yardstick does not bend with the tool.
//
//   bare_transfer SERVER CA_FILE CERT_FILE KEY_FILE LIMIT PATH…     prints "<pages> pages, <bytes>
//   bytes"; LIMIT: objects a page

#include <curl/curl.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

struct Page {
  std::string
      head;  // enough of the body to find metadata.continue, which the API server writes first
  std::size_t bytes = 0;
};

std::size_t OnData(char* data, std::size_t size, std::size_t count, void* user) {
  auto* page = static_cast<Page*>(user);
  const std::size_t length = size * count;
  constexpr std::size_t kHead = 4096;
  if (page->head.size() < kHead)
    page->head.append(data, std::min(length, kHead - page->head.size()));
  page->bytes += length;
  return length;
}

std::string ContinueToken(const std::string& head) {
  const std::string key = "\"continue\":\"";
  const auto begin = head.find(key);
  if (begin == std::string::npos) return {};
  const auto end = head.find('"', begin + key.size());
  return head.substr(begin + key.size(), end - begin - key.size());
}

struct Totals {
  std::size_t pages = 0;
  std::size_t bytes = 0;
};

bool TransferList(CURL* curl, const std::string& list, const std::string& limit, Totals& totals) {
  std::string token;
  do {
    std::string url = list + "?limit=" + limit;
    if (!token.empty()) url += "&continue=" + token;
    Page page;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &page);
    const CURLcode code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 200) {
      std::fprintf(stderr, "%s: %s, HTTP %ld\n", url.c_str(), curl_easy_strerror(code), status);
      return false;
    }
    ++totals.pages;
    totals.bytes += page.bytes;
    token = ContinueToken(page.head);
  } while (!token.empty());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7 || std::atoi(argv[5]) < 1) {
    std::fprintf(stderr, "usage: bare_transfer SERVER CA_FILE CERT_FILE KEY_FILE LIMIT PATH…\n");
    return 64;
  }
  CURL* curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_CAINFO, argv[2]);
  curl_easy_setopt(curl, CURLOPT_SSLCERT, argv[3]);
  curl_easy_setopt(curl, CURLOPT_SSLKEY, argv[4]);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, OnData);
  Totals totals;
  for (int i = 6; i < argc; ++i) {
    if (!TransferList(curl, std::string(argv[1]) + argv[i], argv[5], totals)) return 1;
  }
  curl_easy_cleanup(curl);
  std::printf("%zu pages, %zu bytes\n", totals.pages, totals.bytes);
  return 0;
}
