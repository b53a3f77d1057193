package personality_test

var tiniRows []row
var dockerInitRows []row
var catatonitRows []row
