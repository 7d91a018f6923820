-- Trino (Athena) functions by their DuckDB names, as far as the archive's queries use them.
CREATE MACRO json_extract_scalar(j, p) AS CASE WHEN json_valid(j) THEN json_extract_string(j, p) END;
CREATE MACRO approx_percentile(x, p) AS approx_quantile(x, p);
CREATE MACRO from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ);
CREATE MACRO date_format(t, f) AS strftime(CAST(t AS TIMESTAMP), f);
CREATE MACRO regexp_like(s, p) AS regexp_matches(s, p);
