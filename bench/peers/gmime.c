/* GMime as a peer of the MIME benches: parses a mail that is in memory and
 * decodes everything in it, a given number of times, and prints the CPU time
 * of one pass in microseconds, with what it found.
 *
 *   gmime memory|null FILE PASSES
 *
 * memory: every attachment is decoded into memory of its own, as in the other
 * contenders; null: it is decoded and thrown away.
 */

#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static gboolean to_memory;

typedef struct {
  size_t attachments;
  size_t attached;
  size_t text;
  size_t fields;
} Found;

static void header_fields(GMimeObject *object, Found *found) {
  GMimeHeaderList *list = g_mime_object_get_header_list(object);
  int count = g_mime_header_list_get_count(list);
  for (int i = 0; i < count; i++) {
    GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
    const char *value = g_mime_header_get_value(header);
    if (g_mime_header_get_name(header) != NULL && value != NULL) found->fields++;
  }
}

static void each_part(GMimeObject *parent, GMimeObject *object, gpointer data) {
  Found *found = data;
  (void)parent;
  header_fields(object, found);
  if (!GMIME_IS_PART(object)) return;
  const char *disposition = g_mime_object_get_disposition(object);
  gboolean attached = disposition != NULL && g_ascii_strcasecmp(disposition, "attachment") == 0;
  if (GMIME_IS_TEXT_PART(object) && !attached) {
    char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(object));
    if (text != NULL) found->text += strlen(text);
    g_free(text);
    return;
  }
  GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
  GMimeStream *stream = to_memory ? g_mime_stream_mem_new() : g_mime_stream_null_new();
  found->attachments++;
  found->attached += (size_t)g_mime_data_wrapper_write_to_stream(content, stream);
  g_object_unref(stream);
}

static Found parse(GByteArray *octets) {
  Found found = {0, 0, 0, 0};
  GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(octets);
  g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
  if (message == NULL || g_mime_message_get_subject(message) == NULL ||
      g_mime_message_get_from(message) == NULL || g_mime_message_get_date(message) == NULL) {
    fprintf(stderr, "the message cannot be read\n");
    exit(1);
  }
  header_fields(GMIME_OBJECT(message), &found);
  g_mime_message_foreach(message, each_part, &found);
  g_object_unref(message);
  g_object_unref(parser);
  g_object_unref(stream);
  return found;
}

static double cpu_microseconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  to_memory = strcmp(argv[1], "memory") == 0;
  char *data;
  gsize length;
  if (!g_file_get_contents(argv[2], &data, &length, NULL)) return 1;
  g_mime_init();
  GByteArray *octets = g_byte_array_new_take((guint8 *)data, length);
  int passes = atoi(argv[3]);
  Found found = parse(octets);
  double before = cpu_microseconds();
  for (int i = 0; i < passes; i++) found = parse(octets);
  double each = (cpu_microseconds() - before) / passes;
  printf("{\"microseconds\":%.1f,\"attachments\":%zu,\"attached\":%zu,\"text\":%zu,\"fields\":%zu}\n", each,
         found.attachments, found.attached, found.text, found.fields);
  return 0;
}
