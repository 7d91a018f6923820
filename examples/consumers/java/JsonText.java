import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Just enough JSON for the tests, so that they need no library. Do not copy it: use Jackson, Gson or what you have. */
final class JsonText {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(?:([{}\\[\\]:,])|\"((?:[^\"\\\\]|\\\\\")*)\"|(-?\\d+)|(true|false|null))");

  private final Matcher tokens;
  private final String text;
  private int at;

  private JsonText(String text) {
    this.text = text;
    this.tokens = TOKEN.matcher(text);
  }

  /** Objects as maps, arrays as lists, numbers as Long: whole ones only. */
  static Object parse(String text) {
    return new JsonText(text).next();
  }

  private Object next() {
    if (!tokens.region(at, text.length()).lookingAt()) throw new IllegalArgumentException("no JSON at " + at);
    at = tokens.end();
    if (tokens.group(2) != null) return tokens.group(2).replace("\\\"", "\"");
    if (tokens.group(3) != null) return Long.valueOf(tokens.group(3));
    if (tokens.group(4) != null) return tokens.group(4).equals("null") ? null : Boolean.valueOf(tokens.group(4));
    return switch (tokens.group(1)) {
      case "{" -> object();
      case "[" -> array();
      default -> throw new IllegalArgumentException("unexpected " + tokens.group(1) + " before " + at);
    };
  }

  private Map<String, Object> object() {
    var object = new LinkedHashMap<String, Object>();
    while (!skip('}')) {
      String key = (String) next();
      if (!skip(':')) throw new IllegalArgumentException("no value of " + key);
      object.put(key, next());
      skip(',');
    }
    return object;
  }

  private List<Object> array() {
    var array = new ArrayList<Object>();
    while (!skip(']')) {
      array.add(next());
      skip(',');
    }
    return array;
  }

  private boolean skip(char sign) {
    while (Character.isWhitespace(text.charAt(at))) at++;
    if (text.charAt(at) != sign) return false;
    at++;
    return true;
  }
}
