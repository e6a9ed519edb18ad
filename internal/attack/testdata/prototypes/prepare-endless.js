// attack: every error runs a hook of the script's, which never returns
// expect: interrupted
Error.prepareStackTrace = () => { for (;;); }; null.x;
